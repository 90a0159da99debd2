import { randomUUID } from 'node:crypto';
import type { Batch } from '../batching/batch.ts';
import type { Clock } from '../batching/clock.ts';
import { deliverAnswer } from '../demux/deliver-answer.ts';
import type { OnDropped } from '../demux/deliver.ts';
import type { PendingRequest } from '../demux/pending-request.ts';
import type { SealedBatch } from '../demux/response-sink.ts';
import { InvokeError } from '../errors.ts';
import type { ErrorCode, Failure } from '../errors.ts';
import type { Operation } from '../routing/operation.ts';
import { channels } from '../telemetry/channels.ts';
import { encodeBatch } from './encode-batch.ts';
import type { Invocation, Invoker } from './invoker.ts';

export interface RunBatchOptions {
  readonly routerId: string;
  readonly invoker: Invoker;
  readonly clock: Clock;
  readonly maxRecordBytes: number;
}

/** Made once: an `AbortError` of its own costs each abortion a stack trace. */
const DESERTED = new Error('Nobody waits for the answer any more');

/**
 * Seals a batch, invokes its function once and hands out what it answers. Never rejects: whatever
 * happens, every waiter is settled when it resolves.
 */
export async function runBatch(
  operation: Operation,
  batch: Batch<PendingRequest>,
  options: RunBatchOptions,
): Promise<void> {
  const { routerId, clock } = options;
  const nowMs = clock.now();
  // A busy event loop may be late with their timers.
  batch.settleRest((waiter) => {
    if (waiter.deadlineMs <= nowMs) waiter.fail({ code: 'LPR_DEADLINE_EXCEEDED' });
  });
  batch.seal();
  if (batch.state === 'settled') return;
  const { invocation, sealed, abandon } = prepare(operation, batch, nowMs);
  const { path: route, functionName } = operation;
  const { batchId, size, reason, waitMs, sealedAtMs } = sealed;
  const about = { routerId, batchId, route, functionName, size, reason, waitMs };
  if (channels.batchReleased.hasSubscribers) {
    const { payload } = invocation;
    const { functionArn, invokeMode: mode } = operation;
    const requestIds = [...batch.waiters.keys()];
    channels.batchReleased.publish({ ...about, functionArn, mode, requestIds, payload });
  }
  const onDropped: OnDropped = (kind, requestId) =>
    channels.recordDropped.publish({ routerId, batchId, route, kind, requestId });

  batch.onDeserted = (last) => {
    // Answered to the last, the invocation is about to end by itself, its connection fit for the next.
    if (!last.answered) abandon();
  };
  let rest: Failure;
  let failure: ErrorCode | undefined;
  let error: unknown;
  try {
    const answer = await options.invoker.invoke(invocation);
    const { payloadFormat } = operation;
    const { maxRecordBytes } = options;
    rest = {
      code: await deliverAnswer(batch, answer, { payloadFormat, maxRecordBytes, onDropped }),
    };
  } catch (caught) {
    error = caught;
    rest = failureOf(caught);
    // Aborting because nobody waits any more is no failure of the invocation.
    if (batch.unsettled > 0) failure = rest.code;
  }
  batch.onDeserted = undefined;
  batch.settleRest((waiter) => waiter.fail(rest));
  batch.dissolve();
  if (channels.batchSettled.hasSubscribers) {
    const durationMs = clock.now() - sealedAtMs;
    channels.batchSettled.publish({ ...about, durationMs, failure, error });
  }
}

/** What is sent, and what its members learn of it. */
function prepare(
  operation: Operation,
  batch: Batch<PendingRequest>,
  sealedAtMs: number,
): { invocation: Invocation; sealed: SealedBatch; abandon: () => void } {
  const sealed: SealedBatch = {
    batchId: `b-${randomUUID()}`,
    size: batch.size,
    reason: batch.reason ?? 'window',
    waitMs: sealedAtMs - batch.firstArrivalMs,
    sealedAtMs,
  };
  const items: string[] = [];
  let deadline = 0;
  let tenantId: string | undefined;
  for (const waiter of batch.waiters.values()) {
    waiter.batch = sealed;
    items.push(waiter.item);
    deadline = Math.max(deadline, waiter.deadlineMs);
    // Part of the key: the same for all members.
    tenantId = waiter.tenantId;
  }
  const controller = new AbortController();
  const invocation: Invocation = {
    batchId: sealed.batchId,
    functionArn: operation.functionArn,
    mode: operation.invokeMode === 'response_stream' ? 'stream' : 'buffered',
    payload:
      operation.payloadFormat === 'single'
        ? Buffer.from(items[0]!)
        : encodeBatch(operation.path, sealedAtMs, items),
    deadline,
    signal: controller.signal,
    retries: operation.retryUnsent,
    ...(tenantId === undefined ? {} : { tenantId }),
  };
  return { invocation, sealed, abandon: () => controller.abort(DESERTED) };
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof InvokeError)) return { code: 'LPR_FUNCTION_UNREACHABLE' };
  const { code, retryAfterSeconds } = error;
  if (code === 'LPR_THROTTLED') return { code, retryAfterSeconds: retryAfterSeconds ?? 1 };
  return retryAfterSeconds === undefined ? { code } : { code, retryAfterSeconds };
}
