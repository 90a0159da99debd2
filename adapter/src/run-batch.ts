import { itemId } from 'lpr-protocol';
import { itemScope, keepContext } from './current-item.ts';
import { AdapterError } from './errors.ts';
import { itemContext, remainingMs } from './item-context.ts';
import { toRun } from './item-run.ts';
import type { ItemRun } from './item-run.ts';
import type { AnyHandler, ItemAnswer } from './item.ts';
import type { ItemEvent } from './lambda-types.ts';
import { report } from './report.ts';
import type { Invocation } from './report.ts';
import { settleItem } from './settle-item.ts';
import type { BatchInvocation } from './settle-item.ts';

/**
 * The items of a batch, in order. One without an id is reported and left out, because nothing could carry
 * its answer.
 */
export async function toRuns(
  batch: readonly unknown[],
  invocation: Invocation,
): Promise<ItemRun[]> {
  const runs: ItemRun[] = [];
  for (const event of batch) {
    const id = itemId(event);
    if (id === undefined) {
      const error = new AdapterError('LPR_ITEM_WITHOUT_ID', 'a `requestContext.requestId`');
      await report(error, { requestId: id, event }, invocation);
    } else {
      runs.push(toRun(event, id));
    }
  }
  return runs;
}

/** Runs the handler for each item, with at most `concurrency` at once, and each once `isGone` says that somebody still waits. */
export async function runItems(
  runs: readonly ItemRun[],
  handler: AnyHandler,
  invocation: BatchInvocation,
  isGone?: () => Promise<boolean>,
): Promise<void> {
  const left = runs.values();
  const lane = async () => {
    for (const run of left) {
      if (!(await isGone?.()) && !run.reason) {
        await itemScope.run(run.item, () =>
          settleItem(run, () => callHandler(run, handler, invocation), invocation),
        );
      }
    }
  };
  const length = Math.min(invocation.settings.concurrency, runs.length);
  await Promise.all(Array.from({ length }, lane));
}

/**
 * Waits for `work` until shortly before Lambda's timeout, or until `gone`; whether time ran out.
 * The work goes on by itself after that: its items are to be stopped.
 */
export async function inTime(
  work: Promise<void>,
  { settings, context }: Invocation,
  gone = work,
): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<true>();
  const leftMs = remainingMs(context);
  const timer =
    leftMs === undefined
      ? leftMs
      : setTimeout(resolve, Math.max(0, leftMs - settings.timeoutMarginMs), true);
  const isLate = await Promise.race([work, gone, late]);
  clearTimeout(timer);
  return isLate === true;
}

function callHandler(run: ItemRun, handler: AnyHandler, invocation: Invocation): unknown {
  const { event } = run.origin;
  const context = itemContext(invocation.context, run.item);
  const { around } = invocation.settings;
  return around
    ? around({ requestId: run.id, event: event as ItemEvent, context }, async () => {
        run.inside = keepContext();
        return handler(event, context) as ItemAnswer;
      })
    : handler(event, context);
}
