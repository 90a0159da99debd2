import type { BatchAnswerItem } from './batch-answer.ts';
import { AdapterError } from './errors.ts';
import type { AdapterErrorCode } from './errors.ts';
import type { ItemRun } from './item-run.ts';
import { json } from './read-answer.ts';
import type { WholeAnswer } from './read-answer.ts';
import { report } from './report.ts';
import type { Invocation } from './report.ts';

/** Why items have no answer, and what their callers are told. */
export type Unanswered = readonly [statusCode: number, code: AdapterErrorCode, message: string];

/** Time ran out: Lambda is about to end the function. */
export const LATE: Unanswered = [504, 'LPR_DEADLINE_EXCEEDED', 'No answer in time'];

/** Stops and reports an item that was not answered, after `send` has been given the answer for it. */
export function endUnanswered(
  run: ItemRun,
  [statusCode, code, message]: Unanswered,
  invocation: Invocation,
  send: (record: BatchAnswerItem) => void,
): void {
  const { id, origin } = run;
  const error = new AdapterError(code, 'an answer in time');
  send({ id, ...(json(statusCode, { message, code, requestId: id }) as WholeAnswer) });
  run.stop(error);
  // Not waited for: after a timeout there is no time left.
  void report(error, origin, invocation);
}
