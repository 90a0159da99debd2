import type { BatchLike } from 'lpr-protocol';
import type { BatchAnswer } from './batch-answer.ts';
import { bufferedDelivery, documentOf } from './buffered-delivery.ts';
import { LATE } from './end-unanswered.ts';
import type { ItemAnswer, ItemHandler } from './item.ts';
import type { LambdaContext } from './lambda-types.ts';
import { ITEM_RULES, parse } from './options.ts';
import type { BatchAdapterOptions } from './options.ts';
import { checkBatch, passThrough } from './pass-through.ts';
import { inTime, runItems, toRuns } from './run-batch.ts';

/** A wrapped handler: a batch gives a batch answer, any other event what the handler itself answers. */
export interface BatchHandler<Answer = ItemAnswer> {
  (event: BatchLike, context?: Partial<LambdaContext>): Promise<BatchAnswer>;
  (event: unknown, context?: Partial<LambdaContext>): Promise<Answer>;
}

/**
 * Wraps a handler of one request so that one invocation answers a whole batch, in batch order.
 * Each item runs with an event and a context of its own; one that fails, or whose answer cannot be sent, gets
 * `errorResponse` (500 without a text of the error), and its error reaches `onError`, failing that the log.
 * Items unanswered `timeoutMarginMs` before Lambda's timeout get 504. An event that is no batch is passed through.
 * @throws AdapterError `LPR_WRONG_OPTION` for a wrong handler or option.
 * @example export const handler = withBatchAdapter(async (event) => ({ statusCode: 200, body: event.rawPath }));
 */
export function withBatchAdapter(
  handler: ItemHandler,
  options?: BatchAdapterOptions,
): BatchHandler {
  const settings = parse(handler, options, ITEM_RULES);
  // Two parameters and the rest: the runtime refuses more.
  const wrapper = async (event: unknown, context?: unknown, ...[third]: unknown[]) => {
    if (!checkBatch(event, settings, third)) {
      return passThrough(await settings.handler(event, context));
    }
    const invocation = { ...settings, context, deliver: bufferedDelivery };
    const runs = await toRuns(event.batch, invocation);
    await inTime(runItems(runs, invocation), invocation);
    return documentOf(runs, LATE, invocation);
  };
  return wrapper as BatchHandler;
}
