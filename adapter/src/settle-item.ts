import type { ItemRun } from './item-run.ts';
import { internalError, readAnswer } from './read-answer.ts';
import type { RawAnswer } from './read-answer.ts';
import { report } from './report.ts';
import type { Invocation } from './report.ts';

/**
 * Sends one answer: as a record of a document or a stream, or as frames.
 * Rejects when it cannot be sent and nothing of it has been.
 */
export type Delivery = (run: ItemRun, answer: RawAnswer) => Promise<void>;

/** A batch that is being answered. */
export interface BatchInvocation extends Invocation {
  readonly deliver: Delivery;
}

/**
 * Answers one item with what `attempt` comes to; never rejects. What fails is reported, and answered with
 * `errorResponse`, failing that a bare 500.
 */
export async function settleItem(
  run: ItemRun,
  attempt: () => unknown,
  invocation: BatchInvocation,
): Promise<void> {
  let error: unknown;
  const { errorResponse = internalError } = invocation;
  for (const answer of [attempt, () => errorResponse(error, run.origin), internalError]) {
    try {
      const given = await answer();
      return await run.inside(() => invocation.deliver(run, readAnswer(given)));
    } catch (caught) {
      error = caught;
      // An item that was stopped has been reported, and its handler often fails with the reason it was given.
      if (!run.reason || caught !== run.reason) {
        await report(caught, run.origin, invocation);
      }
    }
  }
}
