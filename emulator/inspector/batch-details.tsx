import { useMemo } from 'preact/hooks';
import type { BatchDetail } from '../src/inspector/messages.ts';
import { Answer } from './answer.tsx';
import type { BatchEntry } from './entries.ts';
import { count, milliseconds, time } from './format.ts';
import { BatchRequests } from './batch-requests.tsx';
import { piecesOf } from './pieces.ts';
import { ShownText } from './shown-text.tsx';
import { useBatch } from './store.ts';
import { Tabs } from './tabs.tsx';

/** Notes of dropped records that are shown; a function that errs may err for each. */
const FEW_DROPPED = 10;

export interface BatchDetailsProps {
  readonly entry: BatchEntry;
  readonly onReplay: (requestIds: readonly string[]) => void;
  readonly onClose: () => void;
}

/** All about one batch: its requests and their answers, the event, what the function answered, its log. */
export function BatchDetails({ entry, onReplay, onClose }: BatchDetailsProps) {
  const { batch, requests, route } = entry;
  const detail = useBatch(batch);
  const { requestIds } = batch;
  const pieces = useMemo(
    () => piecesOf(detail?.records ?? [], requestIds),
    [detail?.records, requestIds],
  );
  return (
    <aside class="details" aria-label="Batch">
      <header>
        <h2>{route}</h2>
        {requestIds.length > 0 && (
          <button type="button" title="r" onClick={() => onReplay(requestIds)}>
            {requestIds.length === 1 ? 'Replay' : 'Replay batch'}
          </button>
        )}
        <button type="button" class="close" aria-label="Close" title="Esc" onClick={onClose}>
          ×
        </button>
      </header>
      <Facts entry={entry} />
      {detail && <Trouble detail={detail} />}
      {detail === null && <p class="empty">It is not kept any more.</p>}
      {detail && (
        <Tabs
          label="Parts of the batch"
          tabs={[
            ...(requestIds.length > 0
              ? [
                  {
                    name: `Requests (${requestIds.length})`,
                    content: (
                      <BatchRequests
                        batch={batch}
                        requests={requests}
                        event={detail.event}
                        onReplay={onReplay}
                      />
                    ),
                  },
                ]
              : []),
            { name: 'Event', content: <ShownText shown={detail.event} label="Event" /> },
            {
              name: `Answer (${pieces.length + detail.recordsCut})`,
              content: <Answer detail={detail} pieces={pieces} />,
            },
            { name: `Log (${detail.logs.length})`, content: <Log detail={detail} /> },
          ]}
        />
      )}
    </aside>
  );
}

function Facts({ entry: { batch, startMs } }: Pick<BatchDetailsProps, 'entry'>) {
  const { size, reason, waitMs, durationMs, functionName, environment, cold, initMs } = batch;
  const facts: [name: string, value: string][] = [
    ['Batch', batch.id],
    ['First arrival', time(startMs)],
    ['Size', count(size, 'request')],
    ...(reason === undefined
      ? []
      : [['Wait', `${milliseconds(waitMs)}, released: ${reason}`] as [string, string]]),
    ['Function', `${functionName}${batch.streaming ? ', streaming' : ''}`],
    ['Environment', placeOf(environment, cold, initMs)],
    ['Duration', durationMs === undefined ? 'running' : milliseconds(durationMs)],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd title={value}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function placeOf(environment?: number, cold?: boolean, initMs?: number): string {
  if (environment === undefined) return 'not started';
  return `#${environment}, ${cold ? `cold: ${milliseconds(initMs)}` : 'warm'}`;
}

/** What went wrong, or is about to. */
function Trouble({ detail }: { readonly detail: BatchDetail }) {
  const { summary, error, retries, dropped, warnings } = detail;
  const lines = [
    ...retries.map(
      ({ attempt, code, delayMs }) =>
        `Attempt ${attempt} did not run (${code}); sent again after ${milliseconds(delayMs)}.`,
    ),
    ...dropped.slice(0, FEW_DROPPED).map(({ kind, requestId, atMs }) => {
      const place = summary.requestIds.indexOf(requestId ?? '') + 1;
      const whose = place > 0 ? `request ${place}` : requestId;
      return `Record dropped at +${milliseconds(atMs)}: ${kind}${whose ? `, for ${whose}` : ''}.`;
    }),
    ...(summary.dropped > FEW_DROPPED
      ? [`${count(summary.dropped - FEW_DROPPED, 'more record')} dropped.`]
      : []),
    ...warnings,
  ];
  if (error === undefined && summary.failure === undefined && lines.length === 0) return null;
  return (
    <div class="trouble">
      {(error ?? summary.failure) !== undefined && (
        <p>
          <strong>{summary.failure ?? error?.errorType}</strong>
          {error && ` ${error.errorType}: ${error.errorMessage}`}
        </p>
      )}
      {error?.trace && error.trace.length > 0 && <pre>{error.trace.join('\n')}</pre>}
      {lines.map((line, index) => (
        <p key={index}>{line}</p>
      ))}
    </div>
  );
}

function Log({ detail: { logs, logsCut, summary } }: { readonly detail: BatchDetail }) {
  if (logs.length === 0) return <p class="empty">The function has written nothing.</p>;
  return (
    <table class="log">
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Level</th>
          <th scope="col">Text</th>
        </tr>
      </thead>
      <tbody>
        {logs.map(({ atMs, level, text }, index) => (
          <tr key={index} class={level.toLowerCase()}>
            <td class="number">+{milliseconds(Math.max(0, atMs - summary.releasedAtMs))}</td>
            <td>{level}</td>
            <td>
              <pre>{text}</pre>
            </td>
          </tr>
        ))}
        {logsCut > 0 && (
          <tr>
            <td colSpan={3}>{count(logsCut, 'more line')} that were not kept.</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
