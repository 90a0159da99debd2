import { show } from './kept-bytes.ts';
import type { BatchDetail, RequestDetail } from './messages.ts';
import type { Recording } from './recording.ts';
import { whyNotReplayable } from './replay.ts';

/** Of an event that is shown; the whole is kept for replays. */
const MAX_EVENT_BYTES = 1_048_576;

/** All that is known of a batch; `undefined` when it is not kept any more. */
export function batchDetail(recording: Recording, id: string): BatchDetail | undefined {
  const batch = recording.batches.get(id);
  if (batch === undefined) return undefined;
  const { summary, payload, records, dropped, retries, logs, logsCut, error, warnings } = batch;
  return {
    summary,
    requests: summary.requestIds.flatMap((one) => recording.requests.get(one)?.summary ?? []),
    event: show(payload, MAX_EVENT_BYTES),
    records: records.show(),
    recordsCut: records.cut,
    dropped,
    retries,
    logs,
    logsCut,
    ...(error === undefined ? {} : { error }),
    warnings,
  };
}

/** All that is known of a request besides its item. */
export function requestDetail(recording: Recording, id: string): RequestDetail | undefined {
  const request = recording.requests.get(id);
  if (request === undefined) return undefined;
  const { summary, rawHeaders, answer } = request;
  const notReplayable = whyNotReplayable(request);
  return {
    summary,
    headers: pairs(rawHeaders),
    ...(answer === undefined
      ? {}
      : {
          answer: {
            status: answer.status,
            headers: pairs(answer.headers),
            body: answer.body.show(),
            writes: answer.writes,
          },
        }),
    ...(notReplayable === undefined ? {} : { notReplayable }),
  };
}

function pairs(flat: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) {
    pairs.push([flat[index] ?? '', flat[index + 1] ?? '']);
  }
  return pairs;
}
