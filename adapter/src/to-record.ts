import type { BatchAnswerItem } from './batch-answer.ts';
import { isStreamed } from './read-answer.ts';
import type { RawAnswer } from './read-answer.ts';
import { collect } from './to-chunks.ts';
import type { BodyReader } from './to-chunks.ts';
import { toBody, toHead } from './to-response.ts';

/**
 * The record of an answer: exactly what the router will accept; a promise of it when its body is streamed.
 * @throws AdapterError `LPR_ILLEGAL_ANSWER` or `LPR_ANSWER_TOO_LARGE`, or what a body fails with.
 */
export function toRecord(
  id: string,
  answer: RawAnswer,
  reader: BodyReader = {},
): BatchAnswerItem | Promise<BatchAnswerItem> {
  const head = toHead(answer);
  const { body } = answer;
  return isStreamed(body)
    ? collect(body, reader).then((whole) => ({ id, ...head, ...whole }))
    : { id, ...head, ...toBody(answer) };
}
