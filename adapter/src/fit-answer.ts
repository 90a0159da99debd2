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
  let estimate = 0;
  for (const { body } of answer.responses) {
    estimate += body.length * MAX_BYTES_PER_UNIT + HEAD_BYTES;
  }
  if (estimate <= limit) {
    return answer;
  }
  let bytes = byteLength(answer);
  if (bytes <= limit) {
    return answer;
  }
  const responses = [...answer.responses];
  const bySize = responses
    .map((item, index) => ({ item, index, bytes: byteLength(item) }))
    .toSorted((one, other) => other.bytes - one.bytes);
  for (const large of bySize) {
    if (bytes <= limit) {
      break;
    }
    const small = replace(large.item);
    responses[large.index] = small;
    bytes += byteLength(small) - large.bytes;
  }
  return { ...answer, responses };
}

function byteLength(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}
