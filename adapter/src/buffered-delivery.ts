import { MAX_BUFFERED_ANSWER_BYTES } from 'lpr-protocol';
import type { BatchAnswer } from './batch-answer.ts';
import { endUnanswered } from './end-unanswered.ts';
import type { Unanswered } from './end-unanswered.ts';
import type { ItemRun } from './item-run.ts';
import { internalError } from './read-answer.ts';
import { report } from './report.ts';
import type { Invocation } from './report.ts';
import type { Delivery } from './settle-item.ts';
import { toBody, tooLarge } from './to-chunks.ts';
import { toHead } from './to-response.ts';

/** Keeps each answer with its item until all are there; bodies that are streamed are collected. */
export const bufferedDelivery: Delivery = async (run, answer) => {
  run.record = { id: run.id, ...toHead(answer), ...(await toBody(answer, run)) };
  run.advance('ended');
};

/**
 * The answer to the batch. Items that have none are stopped, for the reason in `unanswered`. When it is larger
 * than Lambda takes, which would fail all of its items, the largest give way to a 500 until the rest fits.
 */
export async function documentOf(
  runs: readonly ItemRun[],
  unanswered: Unanswered,
  invocation: Invocation,
  limit = MAX_BUFFERED_ANSWER_BYTES,
): Promise<BatchAnswer> {
  for (const run of runs) {
    if (!run.record) {
      endUnanswered(run, unanswered, invocation, (record) => (run.record = record));
    }
  }
  const toDocument = () => ({ v: 1, responses: runs.map((run) => run.record!) }) as const;
  // At most once for each: a document of bare 500s is as small as it gets.
  for (const _ of runs) {
    if (bytesOf(toDocument()) <= limit) {
      break;
    }
    const largest = runs.reduce((a, b) => (bytesOf(b.record!) > bytesOf(a.record!) ? b : a));
    largest.record = { id: largest.id, ...internalError() };
    await report(tooLarge(), largest.origin, invocation);
  }
  return toDocument();
}

/** Bytes of a value in JSON. */
const bytesOf = (value: object): number => Buffer.byteLength(JSON.stringify(value));
