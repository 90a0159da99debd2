import type { ItemRun } from './item-run.ts';
import { internalError } from './read-answer.ts';
import type { RawAnswer, ReadAnswer } from './read-answer.ts';
import { report } from './report.ts';
import type { Invocation } from './report.ts';

/**
 * Sends one answer: as a record of a document or a stream, or as frames.
 * Rejects when it cannot be sent; `run.state` says whether some of it has been.
 */
export type Delivery = (run: ItemRun, answer: RawAnswer) => Promise<void>;

/** A batch that is being answered. */
export interface BatchInvocation extends Invocation {
  readonly read: ReadAnswer;
  readonly deliver: Delivery;
  /** Ends, visibly incomplete, an answer whose head has been sent. */
  breakOff?(run: ItemRun): void | Promise<void>;
}

/**
 * Answers one item with what `attempt` comes to; never rejects. What fails is reported, and answered with
 * `errorResponse`, failing that a bare 500, or broken off when its head has been sent.
 */
export async function settleItem(
  run: ItemRun,
  attempt: () => unknown,
  invocation: BatchInvocation,
): Promise<void> {
  let error: unknown;
  const instead = () => invocation.settings.errorResponse(error, run.origin);
  for (const answer of [attempt, instead, internalError]) {
    try {
      const given = await answer();
      return await run.inside(() => invocation.deliver(run, invocation.read(given)));
    } catch (caught) {
      error = caught;
      // An item that was stopped has been reported, and its handler often fails with the reason it was given.
      if (!run.reason || caught !== run.reason) {
        await report(caught, run.origin, invocation);
      }
      if (run.state !== 'waiting') {
        return invocation.breakOff?.(run);
      }
    }
  }
}
