import type { Batch } from '../batching/batch.ts';
import type { ErrorCode } from '../errors.ts';
import type { InvokeAnswer } from '../invoke/invoker.ts';
import type { PayloadFormat } from '../routing/operation.ts';
import { deliverBuffered } from './buffered.ts';
import type { OnDropped } from './deliver.ts';
import type { PendingRequest } from './pending-request.ts';
import { answerSingle, answerSingleStreamed } from './single.ts';
import { deliverStreamed } from './streamed.ts';

export interface DeliverOptions {
  readonly payloadFormat: PayloadFormat;
  readonly maxRecordBytes: number;
  readonly onDropped: OnDropped;
}

/**
 * Hands the answer of an invocation to those who wait for it. Returns the code with which the rest
 * fails; rejects when a stream breaks.
 */
export async function deliverAnswer(
  batch: Batch<PendingRequest>,
  answer: InvokeAnswer,
  { payloadFormat, maxRecordBytes, onDropped }: DeliverOptions,
): Promise<ErrorCode> {
  if (payloadFormat === 'batch') {
    return answer.type === 'buffered'
      ? deliverBuffered(batch, answer.bytes, onDropped)
      : deliverStreamed(batch, answer.chunks, maxRecordBytes, onDropped);
  }
  const [waiter] = batch.waiters.values();
  if (!waiter) return 'LPR_MISSING_RESPONSE';
  return answer.type === 'buffered'
    ? answerSingle(waiter, answer.bytes)
    : answerSingleStreamed(waiter, answer.chunks, answer.contentType);
}
