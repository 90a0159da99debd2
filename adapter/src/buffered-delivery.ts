import type { BatchAnswer, BatchAnswerItem } from './batch-answer.ts';
import { fitAnswer } from './fit-answer.ts';
import { endUnanswered } from './end-unanswered.ts';
import type { Unanswered } from './end-unanswered.ts';
import type { ItemRun } from './item-run.ts';
import { internalError } from './read-answer.ts';
import { report } from './report.ts';
import type { Invocation } from './report.ts';
import type { Delivery } from './settle-item.ts';
import { tooLarge } from './to-chunks.ts';
import { toRecord } from './to-record.ts';

/** Keeps each answer with its item until all are there; bodies that are streamed are collected. */
export const bufferedDelivery: Delivery = async (run, answer) => {
  run.record = await toRecord(run.id, answer, run);
  run.advance('ended');
};

/** The answer to the batch. Items that have none are stopped, for the reason in `unanswered`. */
export async function documentOf(
  runs: readonly ItemRun[],
  unanswered: Unanswered,
  invocation: Invocation,
): Promise<BatchAnswer> {
  for (const run of runs) {
    if (!run.record) {
      endUnanswered(run, unanswered, invocation, (record) => (run.record = record));
    }
  }
  const reports: Promise<void>[] = [];
  const answer = fitAnswer({ v: 1, responses: runs.map((run) => run.record!) }, ({ id }, index) => {
    reports.push(report(tooLarge(), runs[index]!.origin, invocation));
    return toRecord(id, internalError()) as BatchAnswerItem;
  });
  await Promise.all(reports);
  return answer;
}
