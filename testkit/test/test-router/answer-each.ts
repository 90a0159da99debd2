import type { BatchEvent } from 'lpr-protocol';
import { bufferedAnswer, responseRecord } from 'lpr-testkit';

/** A function that answers every item of a batch with the same text. */
export function answerEach(body: string) {
  return (event: BatchEvent) =>
    bufferedAnswer(event.batch.map((item) => responseRecord(item, { body })));
}
