import type { BatchLike } from 'lpr-protocol';
import type { BatchAnswer } from './batch-answer.ts';
import { bufferedDelivery, documentOf } from './buffered-delivery.ts';
import { LATE } from './end-unanswered.ts';
import type { AnyHandler, ItemAnswer, ItemHandler } from './item.ts';
import type { LambdaContext } from './lambda-types.ts';
import { ITEM_RULES, parseHandler, parseOptions } from './options.ts';
import type { BatchAdapterOptions, Settings } from './options.ts';
import { checkBatch, passThrough } from './pass-through.ts';
import { readAnswer } from './read-answer.ts';
import type { ReadAnswer } from './read-answer.ts';
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
  return bufferedHandler(parseHandler(handler), parseOptions(options, ITEM_RULES), readAnswer);
}

/** The wrapper, whatever its answers are read with. It takes two parameters: the runtime refuses more. */
export function bufferedHandler<Answer>(
  handler: AnyHandler,
  settings: Settings,
  read: ReadAnswer,
): BatchHandler<Answer> {
  const wrapper = async (event: unknown, context?: unknown, ...[third]: unknown[]) => {
    if (!checkBatch(event, settings, third)) {
      return passThrough(await handler(event, context));
    }
    const invocation = { settings, context, read, deliver: bufferedDelivery };
    const runs = await toRuns(event.batch, invocation);
    await inTime(runItems(runs, handler, invocation), invocation);
    return documentOf(runs, LATE, invocation);
  };
  return wrapper as BatchHandler<Answer>;
}
