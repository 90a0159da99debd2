import { itemId } from 'lpr-protocol';
import { itemScope, keepContext } from './current-item.ts';
import { AdapterError } from './errors.ts';
import { forEachLimited } from './for-each-limited.ts';
import { itemContext, remainingMs } from './item-context.ts';
import { ItemRun } from './item-run.ts';
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
    if (id !== undefined) {
      runs.push(new ItemRun(event, id));
      continue;
    }
    const path = 'requestContext.requestId';
    const error = new AdapterError('LPR_ITEM_WITHOUT_ID', path, 'a string', 'no id');
    await report(error, id, event, invocation);
  }
  return runs;
}

/** Runs the handler for each item, with at most `concurrency` at once, and each once `isGone` says that somebody still waits. */
export function runItems(
  runs: readonly ItemRun[],
  handler: AnyHandler,
  invocation: BatchInvocation,
  isGone?: () => Promise<boolean>,
): Promise<void> {
  return forEachLimited(runs, invocation.settings.concurrency, async (run) => {
    if (!(await isGone?.()) && !run.reason) {
      await itemScope.run(run.item, () =>
        settleItem(run, () => callHandler(run, handler, invocation), invocation),
      );
    }
  });
}

/**
 * Waits for `work` until shortly before Lambda's timeout, or until `gone`; whether time ran out.
 * The work goes on by itself after that: its items are to be stopped.
 */
export async function inTime(
  work: Promise<unknown>,
  { settings, context }: Invocation,
  gone = work,
): Promise<boolean> {
  let isLate = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    const leftMs = remainingMs(context);
    if (leftMs !== undefined) {
      const delay = Math.max(0, leftMs - settings.timeoutMarginMs);
      timer = setTimeout(() => resolve(void (isLate = true)), delay);
    }
  });
  await Promise.race([work, gone, late]);
  clearTimeout(timer);
  return isLate;
}

function callHandler(run: ItemRun, handler: AnyHandler, invocation: Invocation): unknown {
  const { id: requestId, event } = run;
  const context = itemContext(invocation.context, run.item);
  const { around } = invocation.settings;
  return around
    ? around({ requestId, event: event as ItemEvent, context }, async () => {
        run.inside = keepContext();
        return handler(event, context) as ItemAnswer;
      })
    : handler(event, context);
}
