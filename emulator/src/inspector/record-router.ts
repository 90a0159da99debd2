import { channels } from 'lpr-router';
import type { AnswerObserver, ObservedRequest } from 'lpr-router';
import { KeptBytes } from './kept-bytes.ts';
import type { RequestSummary } from './messages.ts';
import type { Recording } from './recording.ts';

/** Of the answer that a client was sent. */
const MAX_BODY_BYTES = 65_536;
/** Of the dropped records of a batch. */
const MAX_DROPPED = 100;

/** Records the batches and requests of one router; returns what stops it. */
export function recordRouter(recording: Recording, routerId: string): () => void {
  const { batches } = recording;
  const stops = [
    channels.batchReleased.subscribe((batch) => {
      if (batch.routerId !== routerId) return;
      const { batchId, route, functionName, mode, size, requestIds, reason, waitMs } = batch;
      const summary = {
        id: batchId,
        source: 'router',
        route,
        functionName,
        streaming: mode === 'response_stream',
        size,
        requestIds,
        reason,
        waitMs,
        releasedAtMs: Date.now(),
        retries: 0,
        dropped: 0,
      } as const;
      recording.addBatch(summary, batch.payload);
      for (const id of requestIds) recording.changeRequest(id, { route, batchId });
    }),
    channels.batchSettled.subscribe(({ batchId, durationMs, failure, error }) => {
      recording.changeBatch(batchId, (batch) => {
        if (error instanceof Error && batch.error === undefined) {
          batch.error = { errorType: failure ?? error.name, errorMessage: error.message };
        }
        return { durationMs, ...(failure === undefined ? {} : { failure }) };
      });
    }),
    channels.invocationRetried.subscribe(({ batchId, attempt, code, delayMs }) => {
      recording.changeBatch(batchId, ({ retries }) => {
        retries.push({ attempt, code, delayMs });
        return { retries: retries.length };
      });
    }),
    channels.recordDropped.subscribe(({ batchId, kind, requestId }) => {
      recording.changeBatch(batchId, ({ summary, dropped }) => {
        const atMs = Date.now() - summary.releasedAtMs;
        const whose = requestId === undefined ? {} : { requestId };
        if (dropped.length < MAX_DROPPED) dropped.push({ kind, atMs, ...whose });
        return { dropped: summary.dropped + 1 };
      });
    }),
    channels.requestSettled.subscribe((settled) => {
      const { requestId, route, batchId, status, totalMs, bytesOut, failure, cancelled } = settled;
      if (settled.routerId !== routerId) return;
      recording.changeRequest(requestId, {
        totalMs,
        bytesOut,
        ...(route === '*' ? {} : { route }),
        ...(batchId === undefined || !batches.has(batchId) ? {} : { batchId }),
        ...(status === undefined ? {} : { status }),
        ...(failure === undefined ? {} : { failure }),
        ...(cancelled === undefined ? {} : { cancelled }),
      });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Records a request that has come, and then its answer. */
export function recordRequest(
  recording: Recording,
  { requestId: id, request }: ObservedRequest,
  replayOf: string | undefined,
): AnswerObserver {
  const arrivedAtMs = Date.now();
  const summary: RequestSummary = {
    id,
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    arrivedAtMs,
    ...(replayOf === undefined ? {} : { replayOf }),
  };
  recording.addRequest(summary, request.rawHeaders);
  return {
    head(status, headers) {
      const record = recording.requests.get(id);
      if (record === undefined) return;
      record.answer = { status, headers, body: new KeptBytes(MAX_BODY_BYTES), writes: 0 };
      recording.changeRequest(id, { status, headMs: Date.now() - arrivedAtMs });
    },
    body(chunk) {
      const record = recording.requests.get(id);
      if (record?.answer === undefined) return;
      const { body } = record.answer;
      const before = body.kept;
      body.add(chunk);
      record.answer.writes += 1;
      recording.weigh(record, body.kept - before);
    },
  };
}
