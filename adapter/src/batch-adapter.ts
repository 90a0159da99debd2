import { withBatchAdapter } from './buffered-handler.ts';
import type { BatchHandler } from './buffered-handler.ts';
import { readFirstAnswer, readFirstOptions, readFirstStreamOptions } from './first-reading.ts';
import type { FirstAnswer, FirstOptions } from './first-reading.ts';
import type { ItemHandler } from './item.ts';
import { parse } from './options.ts';
import { withBatchAdapterStream } from './streaming-handler.ts';
import type { BatchStreamHandler } from './streaming-handler.ts';

/**
 * `withBatchAdapter` under its first name and with its first reading: an object without `statusCode` is a
 * structured answer with status 200, nothing is an empty one, and a `concurrency` that is no positive number is 1.
 */
export function batchAdapter(
  handler: ItemHandler<FirstAnswer>,
  options?: FirstOptions,
): BatchHandler<FirstAnswer> {
  const call = parse<Call>(handler).handler;
  const first: Call = async (event, context) => {
    const answer = await call(event, context);
    // Without an item the event is no batch, and its answer is returned as it is.
    return context?.item ? readFirstAnswer(answer) : answer;
  };
  return withBatchAdapter(first as ItemHandler, readFirstOptions(options));
}

/** `withBatchAdapterStream` under its first name, with the reading of {@link batchAdapter}. */
export function batchAdapterStream(
  handler: ItemHandler<FirstAnswer>,
  options?: FirstOptions,
): BatchStreamHandler {
  const call = parse<Call>(handler).handler;
  const first: Call = async (event, context) => readFirstAnswer(await call(event, context));
  return withBatchAdapterStream(first as ItemHandler, readFirstStreamOptions(options));
}

type Call = (event: unknown, context?: { readonly item?: unknown }) => unknown;
