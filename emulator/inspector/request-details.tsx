import type { RequestSummary } from '../src/inspector/messages.ts';
import { curlOf } from './curl.ts';
import { bytes, count, milliseconds, time } from './format.ts';
import { Json, ShownText } from './shown-text.tsx';
import { useRequest } from './store.ts';

export interface RequestDetailsProps {
  readonly request: RequestSummary;
  /** What the function was given of it. */
  readonly item?: unknown;
  readonly onReplay: (requestIds: readonly string[]) => void;
}

/** What a client sent, what the function was given, and what the client got. */
export function RequestDetails({ request, item, onReplay }: RequestDetailsProps) {
  const detail = useRequest(request);
  if (detail === undefined) return <p class="empty">Loading …</p>;
  if (detail === null) return <p class="empty">It is not kept any more.</p>;
  const { answer, headers, notReplayable } = detail;
  return (
    <div class="request-details">
      <p class="facts-line">
        {request.id}, at {time(request.arrivedAtMs)}
        {request.headMs !== undefined && `, answer began after ${milliseconds(request.headMs)}`}
        {request.replayOf !== undefined && `, a replay of ${request.replayOf}`}
      </p>
      <button
        type="button"
        disabled={notReplayable !== undefined}
        title={notReplayable}
        onClick={() => onReplay([request.id])}
      >
        Replay this request
      </button>
      {notReplayable !== undefined && <p class="empty">It cannot be replayed: {notReplayable}</p>}
      <h3>Answer to the client</h3>
      {answer === undefined ? (
        <p class="empty">None yet.</p>
      ) : (
        <>
          <p class="facts-line">
            Status {answer.status}, {bytes(answer.body.bytes)} in {count(answer.writes, 'piece')}
          </p>
          <Headers headers={answer.headers} />
          <ShownText shown={answer.body} label="Body of the answer" />
        </>
      )}
      {notReplayable === undefined && (
        <details class="curl">
          <summary>As a command</summary>
          <Command text={curlOf(detail, item, window.location.origin)} />
        </details>
      )}
      {item !== undefined && (
        <>
          <h3>Item in the event</h3>
          <Json text={JSON.stringify(item)} label="Item" />
        </>
      )}
      <h3>Request as it came</h3>
      <p class="facts-line">
        {request.method} {request.target}
      </p>
      <Headers headers={headers} />
    </div>
  );
}

function Command({ text }: { readonly text: string }) {
  // Only there for pages at `localhost` and the like.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  return (
    <>
      <Json text={text} label="Command" />
      {clipboard && (
        <button type="button" onClick={() => void clipboard.writeText(text)}>
          Copy
        </button>
      )}
    </>
  );
}

function Headers({ headers }: { readonly headers: readonly (readonly [string, string])[] }) {
  return (
    <table class="headers">
      <tbody>
        {headers.map(([name, value], index) => (
          <tr key={index}>
            <th scope="row">{name}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
