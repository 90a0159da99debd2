import type { BatchAnswerItem } from '../../src/batch-answer.ts';
import type { RawAnswer } from '../../src/read-answer.ts';
import { toBody } from '../../src/to-chunks.ts';
import { toHead } from '../../src/to-response.ts';

/** The record of an answer, as buffered and streamed batches have it. */
export async function toRecord(id: string, answer: RawAnswer): Promise<BatchAnswerItem> {
  return { id, ...toHead(answer), ...(await toBody(answer, {})) };
}
