import { MAX_BUFFERED_ANSWER_BYTES } from 'lpr-protocol';
import type { BatchAnswer, BatchAnswerItem } from './batch-answer.ts';

/** JSON writes one UTF-16 unit as six bytes at most (`\u0000`). */
const MAX_BYTES_PER_UNIT = 6;
/** Room for the other fields of an answer in the estimate; HTTP clients refuse larger heads. */
const HEAD_BYTES = 16_384;

/**
 * Makes room in an answer that is larger than Lambda takes, which would fail all of its items: the largest
 * items give way to what `replace` says until the rest fits. Answers well below the limit are not measured.
 */
export function fitAnswer(
  answer: BatchAnswer,
  replace: (item: BatchAnswerItem, index: number) => BatchAnswerItem,
  limit = MAX_BUFFERED_ANSWER_BYTES,
): BatchAnswer {
  const responses = [...answer.responses];
  const isSmall = ({ body }: BatchAnswerItem) =>
    body.length * MAX_BYTES_PER_UNIT + HEAD_BYTES <= limit / responses.length;
  if (!responses.every(isSmall)) {
    let bytes = byteLength(answer);
    const sizes = responses.map((item, index) => [byteLength(item), index] as const);
    for (const [size, index] of sizes.sort(([a], [b]) => b - a)) {
      if (bytes > limit) {
        responses[index] = replace(responses[index]!, index);
        bytes += byteLength(responses[index]) - size;
      }
    }
  }
  return { v: 1, responses };
}

function byteLength(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}
