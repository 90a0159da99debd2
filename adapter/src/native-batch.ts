import type { BatchLike } from 'lpr-protocol';
import type { BatchAnswer, BatchAnswerItem } from './batch-answer.ts';
import { bufferedDelivery, documentOf } from './buffered-delivery.ts';
import { LATE } from './end-unanswered.ts';
import type { BatchItem, StructuredAnswer } from './item.ts';
import { itemsOf, LEFT_OUT, NATIVE_RULES, NativeAnswers, nativeRuns } from './native-answers.ts';
import type { ItemEvent, LambdaContext } from './lambda-types.ts';
import { parse } from './options.ts';
import type { ErrorOptions } from './options.ts';
import { checkBatch } from './pass-through.ts';
import { isObject } from './read-answer.ts';
import { inTime } from './run-batch.ts';

const NO_ANSWER = { id: undefined };

/** One request of a batch, as a native handler is given it. */
export interface NativeItem extends BatchItem {
  readonly event: ItemEvent;
}

/** An answer that says which item it belongs to. */
export interface NativeAnswer extends StructuredAnswer {
  /** The item's `requestId`. */
  readonly id: string;
}

/** The answers to a batch, in any order. */
export type NativeResult = Iterable<NativeAnswer> | AsyncIterable<NativeAnswer>;

/** A handler of a whole batch. */
export type NativeHandler = (
  items: readonly NativeItem[],
  context: LambdaContext,
) => NativeResult | Promise<NativeResult>;

/** A wrapped native handler; an event that is no batch is one item, and its answer has no id. */
export interface NativeBatchHandler {
  (event: BatchLike, context?: Partial<LambdaContext>): Promise<BatchAnswer>;
  (event: unknown, context?: Partial<LambdaContext>): Promise<Omit<BatchAnswerItem, 'id'>>;
}

/**
 * Wraps a handler that answers a whole batch at once, for one query or one call that serves all of its items.
 * It returns an answer per item, by `id`, in any order. One that cannot be sent is its item's 500; an item left out
 * gets 502 `LPR_MISSING_RESPONSE`; answers to unknown ids, and second ones, reach `onError`.
 * @throws AdapterError `LPR_WRONG_OPTION` for a wrong handler or option.
 */
export function withNativeBatch(
  handler: NativeHandler,
  options?: ErrorOptions,
): NativeBatchHandler {
  const settings = parse<NativeHandler>(handler, options, NATIVE_RULES);
  const wrapper = async (event: unknown, context?: unknown, ...[third]: unknown[]) => {
    const isBatch = checkBatch(event, settings, third);
    const invocation = { ...settings, context, deliver: bufferedDelivery };
    const runs = await nativeRuns(event, invocation);
    const answers = new NativeAnswers(runs, invocation);
    const work = answers.whole(event, async () => {
      for await (const answer of await settings.handler(itemsOf(runs), context as LambdaContext)) {
        const { id, ...fields } = isObject(answer) ? answer : NO_ANSWER;
        void answers.settle(id, () => fields);
      }
    });
    const isLate = await inTime(work, invocation);
    const answer = await documentOf(runs, isLate ? LATE : LEFT_OUT, invocation);
    if (isBatch) {
      return answer;
    }
    const { id: _, ...single } = runs[0]!.record!;
    return single;
  };
  return wrapper as NativeBatchHandler;
}
