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
  replace: (item: BatchAnswerItem) => BatchAnswerItem,
  limit = MAX_BUFFERED_ANSWER_BYTES,
): BatchAnswer {
  const responses = [...answer.responses];
  const isSmall = ({ body }: BatchAnswerItem) =>
    body.length * MAX_BYTES_PER_UNIT + HEAD_BYTES <= limit / responses.length;
  if (!responses.every(isSmall)) {
    const sizes = responses.map(byteLength);
    let bytes = byteLength(answer);
    for (let left = responses.length; bytes > limit && left > 0; left -= 1) {
      const index = sizes.indexOf(Math.max(...sizes));
      const small = (responses[index] = replace(responses[index]!));
      bytes += byteLength(small) - sizes[index]!;
      sizes[index] = 0;
    }
  }
  return { ...answer, responses };
}

function byteLength(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}
