import { randomUUID } from 'node:crypto';
import type { Batch } from '../batching/batch.ts';
import type { Clock } from '../batching/clock.ts';
import { deliverBuffered } from '../demux/buffered.ts';
import type { OnDropped } from '../demux/deliver.ts';
import type { PendingRequest } from '../demux/pending-request.ts';
import { deliverStreamed } from '../demux/streamed.ts';
import { InvokeError } from '../errors.ts';
import type { ErrorCode, Failure } from '../errors.ts';
import type { Operation } from '../routing/operation.ts';
import { channels } from '../telemetry/channels.ts';
import type { BatchReleased, BatchSettled, RecordDropped } from '../telemetry/channels.ts';
import { encodeBatch } from './encode-batch.ts';
import type { Invoker } from './invoker.ts';

export interface RunBatchOptions {
  readonly routerId: string;
  readonly invoker: Invoker;
  readonly clock: Clock;
  readonly maxRecordBytes: number;
}

/**
 * Seals a batch, invokes its function once and hands out what it answers. Never rejects: whatever
 * happens, every waiter is settled when it resolves.
 */
export async function runBatch(
  operation: Operation,
  batch: Batch<PendingRequest>,
  options: RunBatchOptions,
): Promise<void> {
  batch.seal();
  if (batch.state === 'settled') return;
  const { routerId, invoker, clock, maxRecordBytes } = options;
  const batchId = `b-${randomUUID()}`;
  const sealedAtMs = clock.now();
  const items: string[] = [];
  let deadline = 0;
  for (const waiter of batch.waiters.values()) {
    waiter.batchSize = batch.size;
    items.push(waiter.item);
    deadline = Math.max(deadline, waiter.deadlineMs);
  }
  const about = {
    routerId,
    batchId,
    route: operation.path,
    functionName: operation.functionName,
    reason: batch.reason ?? 'window',
    waitMs: sealedAtMs - batch.firstArrivalMs,
  } as const;
  const payload = encodeBatch(operation.path, sealedAtMs, items);
  const requestIds = [...batch.waiters.keys()];
  channels.batchReleased.publish({ ...about, requestIds, payload } satisfies BatchReleased);

  const onDropped: OnDropped = (kind, requestId) =>
    channels.recordDropped.publish({
      routerId,
      batchId,
      route: operation.path,
      kind,
      requestId,
    } satisfies RecordDropped);
  const abandoned = new AbortController();
  batch.onDeserted = () => abandoned.abort();

  let rest: Failure;
  let failure: ErrorCode | undefined;
  let error: unknown;
  try {
    const mode = operation.invokeMode === 'response_stream' ? 'stream' : 'buffered';
    const { functionArn } = operation;
    const { signal } = abandoned;
    const answer = await invoker.invoke({ batchId, functionArn, mode, payload, deadline, signal });
    const code =
      answer.type === 'buffered'
        ? deliverBuffered(batch, answer.bytes, onDropped)
        : await deliverStreamed(batch, answer.chunks, maxRecordBytes, onDropped);
    rest = { code };
  } catch (caught) {
    error = caught;
    rest = failureOf(caught);
    // Aborting because nobody waits any more is no failure of the invocation.
    if (batch.unsettled > 0) failure = rest.code;
  }
  batch.onDeserted = undefined;
  batch.settleRest((waiter) => waiter.fail(rest));
  const durationMs = clock.now() - sealedAtMs;
  const size = requestIds.length;
  channels.batchSettled.publish({
    ...about,
    size,
    durationMs,
    failure,
    error,
  } satisfies BatchSettled);
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof InvokeError)) return { code: 'LPR_FUNCTION_UNREACHABLE' };
  const { code, retryAfterSeconds } = error;
  return retryAfterSeconds === undefined ? { code } : { code, retryAfterSeconds };
}
