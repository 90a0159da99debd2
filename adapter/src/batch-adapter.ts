import { bufferedHandler } from './buffered-handler.ts';
import type { BatchHandler } from './buffered-handler.ts';
import { readFirstAnswer, readFirstOptions } from './first-reading.ts';
import type { FirstAnswer, FirstOptions } from './first-reading.ts';
import type { ItemHandler } from './item.ts';
import { parseHandler } from './options.ts';
import { streamingHandler } from './streaming-handler.ts';
import type { BatchStreamHandler } from './streaming-handler.ts';

/**
 * `withBatchAdapter` under its first name and with its first reading: an object without `statusCode` is a
 * structured answer with status 200, nothing is an empty one, and a `concurrency` that is no positive number is 1.
 */
export function batchAdapter(
  handler: ItemHandler<FirstAnswer>,
  options?: FirstOptions,
): BatchHandler<FirstAnswer> {
  return bufferedHandler(parseHandler(handler), readFirstOptions(options), readFirstAnswer);
}

/** `withBatchAdapterStream` under its first name, with the reading of {@link batchAdapter}. */
export function batchAdapterStream(
  handler: ItemHandler<FirstAnswer>,
  options?: FirstOptions,
): BatchStreamHandler {
  return streamingHandler(parseHandler(handler), readFirstOptions(options), readFirstAnswer);
}
