import { encodeRecord, isBatchEvent, NDJSON_CONTENT_TYPE } from 'lpr-protocol';
import { streamify } from './aws-lambda.ts';
import type { ResponseSink } from './aws-lambda.ts';
import { forEachLimited } from './for-each-limited.ts';
import type { AnyHandler, ItemHandler } from './item.ts';
import type { LambdaContext } from './lambda-types.ts';
import { parseHandler, parseOptions } from './options.ts';
import type { BatchAdapterOptions, Settings } from './options.ts';
import { RecordWriter } from './record-writer.ts';
import { runItem } from './run-item.ts';
import type { Invocation } from './run-item.ts';
import { toResponse } from './to-response.ts';
import type { ToResponse } from './to-response.ts';
import { writeWithPrelude } from './write-prelude.ts';

/** A wrapped streaming handler, tagged as Lambda's runtime expects. Resolves when the stream has ended. */
export type BatchStreamHandler = (
  event: unknown,
  responseStream: ResponseSink,
  context?: Partial<LambdaContext>,
) => Promise<void>;

/**
 * Wraps a handler of one request so that one streamed invocation answers a whole batch: one NDJSON record per
 * item, each as soon as it is ready. Items are isolated as in `withBatchAdapter`. No item is started while the
 * stream is full; one that is destroyed ends the invocation, with its error if it has one.
 * An event that is no batch is passed through: its answer is streamed with an HTTP-integration prelude.
 * @throws AdapterError `LPR_WRONG_OPTION` for a wrong handler or option.
 */
export function withBatchAdapterStream(
  handler: ItemHandler,
  options?: BatchAdapterOptions,
): BatchStreamHandler {
  return streamingHandler(parseHandler(handler), parseOptions(options), toResponse);
}

/** The wrapper, whatever its answers are read with. */
export function streamingHandler(
  handler: AnyHandler,
  settings: Settings,
  toResponse: ToResponse,
): BatchStreamHandler {
  // The rest parameter keeps `length` at 2, for tools that look at it as the runtime does for buffered handlers.
  return streamify<BatchStreamHandler>(async (event, responseStream, ...[context]) => {
    if (!isBatchEvent(event)) {
      // A passed event has no id to answer; the record needs one and the prelude does not carry it.
      const record = toResponse('passed-through', await handler(event, context));
      return writeWithPrelude(responseStream, record);
    }
    const writer = new RecordWriter(responseStream, NDJSON_CONTENT_TYPE);
    const items = answerEach(event.batch, settings, writer, { handler, toResponse, context });
    await Promise.race([items, writer.done]);
    return writer.end();
  });
}

async function answerEach(
  batch: readonly unknown[],
  settings: Settings,
  writer: RecordWriter,
  invocation: Invocation,
): Promise<void> {
  await forEachLimited(batch, settings.concurrency, async (item) => {
    while (writer.full !== undefined) {
      await writer.full;
    }
    if (writer.isDone) {
      return;
    }
    const record = await runItem(item, invocation);
    if (record !== undefined) {
      await writer.write(encodeRecord(record));
    }
  });
}
