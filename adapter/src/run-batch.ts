import { itemId } from 'lpr-protocol';
import { itemScope, keepContext } from './current-item.ts';
import { AdapterError } from './errors.ts';
import { itemContext, remainingMs } from './item-context.ts';
import { toRun } from './item-run.ts';
import type { ItemRun } from './item-run.ts';
import type { AnyHandler, ItemAnswer } from './item.ts';
import type { ItemCall, Wrapped } from './options.ts';
import { DEFAULT_CONCURRENCY, DEFAULT_TIMEOUT_MARGIN_MS } from './limits.ts';
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
    if (id) {
      runs.push(toRun(event, id));
    } else {
      await report(
        new AdapterError('LPR_ITEM_WITHOUT_ID', 'a `requestId`'),
        { requestId: id, event },
        invocation,
      );
    }
  }
  return runs;
}

/** A batch whose items the handler answers one by one. */
export interface ItemInvocation extends BatchInvocation, Wrapped<AnyHandler> {}

/** Runs the handler for each item, with at most `concurrency` at once, and each once `isGone` says that somebody still waits. */
export async function runItems(
  runs: readonly ItemRun[],
  invocation: ItemInvocation,
  isGone?: () => Promise<boolean>,
): Promise<void> {
  const { concurrency = DEFAULT_CONCURRENCY } = invocation;
  const left = runs.values();
  const lane = async () => {
    for (const run of left) {
      if (!(await isGone?.()) && !run.reason) {
        await itemScope.run(run.item, () =>
          settleItem(run, () => callHandler(run, invocation), invocation),
        );
      }
    }
  };
  await Promise.all(runs.slice(0, concurrency).map(lane));
}

/**
 * Waits for `work` until shortly before Lambda's timeout, or until `gone`; whether time ran out.
 * The work goes on by itself after that: its items are to be stopped.
 */
export async function inTime(
  work: Promise<void>,
  { timeoutMarginMs = DEFAULT_TIMEOUT_MARGIN_MS, context }: Invocation,
  gone = work,
): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<true>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, remainingMs(context) - timeoutMarginMs), true);
  });
  const isLate = await Promise.race([work, gone, late]);
  clearTimeout(timer);
  return !!isLate;
}

function callHandler(run: ItemRun, invocation: ItemInvocation): unknown {
  const { event } = run.origin;
  const context = itemContext(invocation.context, run.item);
  const { around, handler } = invocation;
  return around
    ? around({ ...run.origin, context } as ItemCall, async () => {
        // A snapshot costs as much as the rest of an item together.
        run.inside = keepContext();
        return handler(event, context) as ItemAnswer;
      })
    : handler(event, context);
}
