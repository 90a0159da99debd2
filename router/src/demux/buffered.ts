import { parseBufferedAnswer } from 'lpr-protocol';
import type { Batch } from '../batching/batch.ts';
import type { ErrorCode } from '../errors.ts';
import { deliver } from './deliver.ts';
import type { OnDropped } from './deliver.ts';
import type { PendingRequest } from './pending-request.ts';

/**
 * Hands out the elements of a buffered answer (wire contract §2.1). Returns the code with which the
 * rest of the batch fails: one bad element fails itself only, a document that is no batch answer
 * fails everybody.
 */
export function deliverBuffered(
  batch: Batch<PendingRequest>,
  bytes: Uint8Array,
  onDropped: OnDropped,
): ErrorCode {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  } catch {
    return 'LPR_BAD_RESPONSE';
  }
  const answer = parseBufferedAnswer(document);
  if (!answer.ok) {
    return answer.kind === 'not_batch_answer' ? 'LPR_NOT_BATCH_AWARE' : 'LPR_BAD_RESPONSE';
  }
  for (const result of answer.results) deliver(batch, result, onDropped);
  return 'LPR_MISSING_RESPONSE';
}
