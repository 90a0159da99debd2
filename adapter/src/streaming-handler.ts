import { NDJSON_CONTENT_TYPE } from 'lpr-protocol';
import { streamify } from './aws-lambda.ts';
import type { ResponseSink } from './aws-lambda.ts';
import type { ItemHandler } from './item.ts';
import { toRun } from './item-run.ts';
import type { LambdaContext } from './lambda-types.ts';
import { ITEM_RULES, parse, STREAM_RULES } from './options.ts';
import type { BatchStreamOptions, Rules } from './options.ts';
import { checkBatch } from './pass-through.ts';
import { HTTP_INTEGRATION_CONTENT_TYPE, preludeEmitter } from './prelude-emitter.ts';
import { readAnswer } from './read-answer.ts';
import type { RawAnswer } from './read-answer.ts';
import { recordWriter } from './record-writer.ts';
import { runItems, toRuns } from './run-batch.ts';
import { batchDelivery, endStream, recordEmitter, streamDelivery } from './stream-delivery.ts';

const RULES: Rules = /* @__PURE__ */ Object.assign({ __proto__: null }, ITEM_RULES, STREAM_RULES, {
  interleaved: (value) => value === 'auto' || typeof value === 'boolean' || "a boolean or 'auto'",
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
  const settings = parse(handler, options, RULES);
  // The rest parameter keeps `length` at 2, for tools that look at it as the runtime does for buffered handlers.
  return streamify<BatchStreamHandler>(async (event, responseStream, ...[context]) => {
    if (!checkBatch(event, settings)) {
      return passOn(readAnswer(await settings.handler(event, context)), responseStream);
    }
    const writer = recordWriter(responseStream, NDJSON_CONTENT_TYPE);
    const emit = recordEmitter(writer);
    const invocation = { ...settings, context };
    const deliver = batchDelivery(streamDelivery(emit, settings.interleaved), emit, invocation);
    const batch = { ...invocation, deliver };
    const runs = await toRuns(event.batch, batch);
    const work = runItems(runs, batch, async () => {
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
  const sent = streamDelivery(preludeEmitter(writer))(run, answer);
  await Promise.race([sent, writer.done]);
  run.cancel?.();
  return writer.end();
}
