import { isBatchEvent } from 'lpr-protocol';
import type { BatchLike, ResponseRecord } from 'lpr-protocol';
import { batchAnswer, toAnswerItem } from './batch-answer.ts';
import type { BatchAnswer, BatchAnswerItem } from './batch-answer.ts';
import { AdapterError, AdapterErrorCode } from './errors.ts';
import { fitAnswer } from './fit-answer.ts';
import { forEachLimited } from './for-each-limited.ts';
import type { AnyHandler, ItemAnswer, ItemHandler } from './item.ts';
import type { LambdaContext } from './lambda-types.ts';
import { parseHandler, parseOptions } from './options.ts';
import type { BatchAdapterOptions, Settings } from './options.ts';
import { report, runItem } from './run-item.ts';
import type { Invocation } from './run-item.ts';
import { internalError, toResponse } from './to-response.ts';
import type { ToResponse } from './to-response.ts';

/** A wrapped handler: a batch gives a batch answer, any other event what the handler itself answers. */
export interface BatchHandler<Answer = ItemAnswer> {
  (event: BatchLike, context?: Partial<LambdaContext>): Promise<BatchAnswer>;
  (event: unknown, context?: Partial<LambdaContext>): Promise<Answer>;
}

/**
 * Wraps a handler of one request so that one invocation answers a whole batch, in batch order.
 * Each item runs with an event and a context of its own; one that fails, or whose answer cannot be sent, gets
 * a 500 without a text of the error, which is logged once. An event that is no batch is passed through.
 * @throws AdapterError `LPR_WRONG_OPTION` for a wrong handler or option.
 * @example export const handler = withBatchAdapter(async (event) => ({ statusCode: 200, body: event.rawPath }));
 */
export function withBatchAdapter(
  handler: ItemHandler,
  options?: BatchAdapterOptions,
): BatchHandler {
  return bufferedHandler(parseHandler(handler), parseOptions(options), toResponse);
}

/** The wrapper, whatever its answers are read with. It takes two parameters: the runtime refuses more. */
export function bufferedHandler<Answer>(
  handler: AnyHandler,
  settings: Settings,
  toResponse: ToResponse,
): BatchHandler<Answer> {
  const wrapper = async (event: unknown, context?: unknown): Promise<unknown> => {
    if (!isBatchEvent(event)) {
      return handler(event, context);
    }
    const invocation: Invocation = { handler, toResponse, context };
    const records: (ResponseRecord | undefined)[] = Array.from({ length: event.batch.length });
    await forEachLimited(event.batch, settings.concurrency, async (item, index) => {
      records[index] = await runItem(item, invocation);
    });
    const answered = records.filter((record) => record !== undefined);
    return fitAnswer(batchAnswer(answered), (item) => tooLarge(item, invocation));
  };
  return wrapper as BatchHandler<Answer>;
}

function tooLarge({ id }: BatchAnswerItem, invocation: Invocation): BatchAnswerItem {
  const error = new AdapterError(
    AdapterErrorCode.AnswerTooLarge,
    'body',
    "small enough for Lambda's limit beside the others of its batch",
    'too many bytes: stream the answer or lower `maxBatchSize`',
  );
  report(error, id, invocation);
  return toAnswerItem(internalError(id));
}
