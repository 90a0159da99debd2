import { NdjsonDecoder } from 'lpr-protocol';
import type { RecordResult } from 'lpr-protocol';
import type { Batch } from '../batching/batch.ts';
import type { ErrorCode } from '../errors.ts';
import { deliver } from './deliver.ts';
import type { OnDropped } from './deliver.ts';
import type { PendingRequest } from './pending-request.ts';

/**
 * Hands out records and frames as they arrive (wire contract §2.2, §2.3). Returns the code with
 * which requests fail that got no answer; rejects when the stream breaks.
 */
export async function deliverStreamed(
  batch: Batch<PendingRequest>,
  chunks: AsyncIterable<Uint8Array>,
  maxRecordBytes: number,
  onDropped: OnDropped,
): Promise<ErrorCode> {
  const decoder = new NdjsonDecoder({ maxLineBytes: maxRecordBytes });
  let answered = false;
  let bytes = 0;
  const take = (results: readonly RecordResult[]) => {
    for (const result of results) {
      answered ||= result.ok || result.id !== undefined;
      deliver(batch, result, onDropped);
    }
  };
  for await (const chunk of chunks) {
    bytes += chunk.length;
    take(decoder.push(chunk));
  }
  take(decoder.end());
  return answered || bytes === 0 ? 'LPR_MISSING_RESPONSE' : 'LPR_NOT_BATCH_AWARE';
}
