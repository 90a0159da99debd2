import { NDJSON_CONTENT_TYPE } from 'lpr-protocol';
import { streamify } from './aws-lambda.ts';
import type { ResponseSink } from './aws-lambda.ts';
import type { AnyHandler, ItemHandler } from './item.ts';
import { toRun } from './item-run.ts';
import type { LambdaContext } from './lambda-types.ts';
import { ITEM_RULES, parseHandler, parseOptions, STREAM_RULES } from './options.ts';
import type { BatchStreamOptions, Rules, Settings } from './options.ts';
import { checkBatch } from './pass-through.ts';
import { HTTP_INTEGRATION_CONTENT_TYPE, preludeEmitter } from './prelude-emitter.ts';
import { readAnswer } from './read-answer.ts';
import type { RawAnswer, ReadAnswer } from './read-answer.ts';
import { recordWriter } from './record-writer.ts';
import { runItems, toRuns } from './run-batch.ts';
import type { BatchInvocation } from './settle-item.ts';
import { endStream, errorFrame, recordEmitter, streamDelivery } from './stream-delivery.ts';

const RULES: Rules = /* @__PURE__ */ Object.assign({}, ITEM_RULES, STREAM_RULES, {
  interleaved: ["a boolean or 'auto'", (value) => value === 'auto' || typeof value === 'boolean'],
} satisfies Rules);

/** A wrapped streaming handler, tagged as Lambda's runtime expects. Resolves when the stream has ended. */
export type BatchStreamHandler = (
  event: unknown,
  responseStream: ResponseSink,
  context?: Partial<LambdaContext>,
) => Promise<void>;

/**
 * Wraps a handler of one request so that one streamed invocation answers a whole batch: one NDJSON record per
 * item, or frames when its body is streamed, each as soon as it is ready. Items are isolated, and failures
 * answered, as in `withBatchAdapter`; a body that fails after its head ends in an `error` frame. No item is started
 * while the stream is full; one that is destroyed aborts the items and ends the invocation, with its error if it has one.
 * An event that is no batch is passed through: its answer is streamed with an HTTP-integration prelude.
 * @throws AdapterError `LPR_WRONG_OPTION` for a wrong handler or option.
 */
export function withBatchAdapterStream(
  handler: ItemHandler,
  options?: BatchStreamOptions,
): BatchStreamHandler {
  return streamingHandler(parseHandler(handler), parseOptions(options, RULES), readAnswer);
}

/** The wrapper, whatever its answers are read with. */
export function streamingHandler(
  handler: AnyHandler,
  settings: Settings,
  read: ReadAnswer,
): BatchStreamHandler {
  // The rest parameter keeps `length` at 2, for tools that look at it as the runtime does for buffered handlers.
  return streamify<BatchStreamHandler>(async (event, responseStream, ...[context]) => {
    if (!checkBatch(event, settings)) {
      return passOn(read(await handler(event, context)), responseStream);
    }
    const writer = recordWriter(responseStream, NDJSON_CONTENT_TYPE);
    const emit = recordEmitter(writer);
    const batch: BatchInvocation = {
      settings,
      context,
      read,
      deliver: streamDelivery(emit, settings.interleaved),
      breakOff: (run) => emit(run, errorFrame(run.id)),
    };
    const runs = await toRuns(event.batch, batch);
    const work = runItems(runs, handler, batch, async () => {
      while (writer.full) {
        await writer.full;
      }
      return writer.isDone;
    });
    return endStream(work, runs, writer, emit, batch);
  }, settings.streamifyResponse);
}

/** Streams the answer to an event that is no batch. */
async function passOn(answer: RawAnswer, responseStream: ResponseSink): Promise<void> {
  const writer = recordWriter(responseStream, HTTP_INTEGRATION_CONTENT_TYPE);
  const run = toRun({}, '');
  const sent = streamDelivery(preludeEmitter(writer), 'auto')(run, answer);
  await Promise.race([sent, writer.done]);
  run.cancel?.();
  return writer.end();
}
