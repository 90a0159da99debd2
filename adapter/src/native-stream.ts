import {
  advanceSequence,
  DEFAULT_ERROR_MESSAGE,
  DEFAULT_ERROR_STATUS,
  NDJSON_CONTENT_TYPE,
} from 'lpr-protocol';
import { streamify } from './aws-lambda.ts';
import type { BodyChunk, ItemAnswer, StructuredAnswer } from './item.ts';
import type { LambdaContext } from './lambda-types.ts';
import { itemsOf, LEFT_OUT, NATIVE_RULES, NativeAnswers, nativeRuns } from './native-answers.ts';
import type { NativeItem } from './native-batch.ts';
import { parse, STREAM_RULES } from './options.ts';
import type { ErrorOptions, Rules, StreamOptions } from './options.ts';
import { checkBatch } from './pass-through.ts';
import { HTTP_INTEGRATION_CONTENT_TYPE, preludeEmitter } from './prelude-emitter.ts';
import { recordWriter } from './record-writer.ts';
import { report } from './report.ts';
import { settleItem } from './settle-item.ts';
import {
  batchDelivery,
  breakOff,
  endStream,
  errorFrame,
  recordEmitter,
  streamDelivery,
} from './stream-delivery.ts';
import type { Emit, Frame } from './frame.ts';
import type { ItemRun } from './item-run.ts';
import { outOfOrder } from './out-of-order.ts';
import type { BatchStreamHandler } from './streaming-handler.ts';
import { toHead } from './to-response.ts';
import { encodeChunk, toChunk } from './to-chunks.ts';

/** What may be said of an answer before its body. */
export type NativeHead = Pick<StructuredAnswer, 'statusCode' | 'headers' | 'cookies'>;

/** How an answer failed: before its head a status 200–599 and a message for the caller, after it a visible break. */
export interface NativeFailure {
  /** Default 502. */
  readonly statusCode?: number | undefined;
  readonly message?: string | undefined;
}

/**
 * Writes the answers of a batch, each by the `requestId` of its item: either one `respond`, or a `head` (200 without
 * one), chunks and an `end`; `error` ends both. Every method resolves when the stream takes more, so awaiting them is
 * backpressure, and never rejects: what is out of order, twice, illegal or for an unknown id reaches `onError` and is
 * dropped; an illegal head or answer is the 500 of its item, an illegal chunk breaks its answer off.
 */
export interface NativeWriter {
  respond(requestId: string, answer: ItemAnswer): Promise<void>;
  head(requestId: string, head?: NativeHead): Promise<void>;
  /** Sends a piece of a body as it is; pieces are never merged. */
  chunk(requestId: string, body: BodyChunk): Promise<void>;
  end(requestId: string): Promise<void>;
  error(requestId: string, failure?: NativeFailure): Promise<void>;
}

/** A handler of a whole batch that writes its answers. */
export type NativeStreamHandler = (
  items: readonly NativeItem[],
  writer: NativeWriter,
  context: LambdaContext,
) => Promise<void> | void;

/** Options of `withNativeBatchStream`. A wrong one throws when wrapping. */
export interface NativeStreamOptions extends ErrorOptions, StreamOptions {}

/**
 * Wraps a handler that answers a whole batch through a writer, any number of answers at once on one stream.
 * When it returns, an item without an answer gets 502 `LPR_MISSING_RESPONSE`, and an answer without an end is broken
 * off. An event that is no batch is one item, whose answer is streamed with an HTTP-integration prelude.
 * @throws AdapterError `LPR_WRONG_OPTION` for a wrong handler or option.
 */
export function withNativeBatchStream(
  handler: NativeStreamHandler,
  options?: NativeStreamOptions,
): BatchStreamHandler {
  const rules: Rules = { __proto__: null as never, ...NATIVE_RULES, ...STREAM_RULES };
  const settings = parse<NativeStreamHandler>(handler, options, rules, 3);
  return streamify<BatchStreamHandler>(async (event, responseStream, ...[context]) => {
    const isBatch = checkBatch(event, settings);
    const contentType = isBatch ? NDJSON_CONTENT_TYPE : HTTP_INTEGRATION_CONTENT_TYPE;
    const stream = recordWriter(responseStream, contentType);
    const emit = (isBatch ? recordEmitter : preludeEmitter)(stream);
    const invocation = { ...settings, context };
    const batch = {
      ...invocation,
      deliver: batchDelivery(streamDelivery(inOrder), emit, invocation),
    };
    /** Lets through what the order of records allows; the rest is reported and dropped. */
    function inOrder(run: ItemRun, frame: Frame): void | Promise<void> {
      const { violation } = advanceSequence(run.state, frame.type ?? 'response');
      return violation === undefined
        ? emit(run, frame)
        : report(outOfOrder(frame.type ?? 'response', violation), run.origin, invocation);
    }
    const runs = await nativeRuns(event, batch);
    const answers = new NativeAnswers(runs, batch, (run) => emit(run, errorFrame(run.id)));
    const fail = (run: ItemRun, error: unknown) =>
      run.state === 'waiting'
        ? settleItem(run, () => Promise.reject(error), batch)
        : breakOff(run, error, emit, batch);
    const writer = nativeWriter(answers, inOrder, fail);
    const work = answers.whole(event, async () =>
      settings.handler(itemsOf(runs), writer, context as LambdaContext),
    );
    return endStream(work, runs, stream, emit, batch, LEFT_OUT);
  }, settings.streamifyResponse);
}

function nativeWriter(
  answers: NativeAnswers,
  emit: Emit,
  fail: (run: ItemRun, error: unknown) => Promise<void>,
): NativeWriter {
  /** Writes what `toFrame` makes, in the order of calls; what cannot be made fails the item. */
  const write = (id: string, toFrame: () => Frame): Promise<void> =>
    answers.with(id, (run) => {
      try {
        return emit(run, toFrame());
      } catch (error) {
        return fail(run, error);
      }
    });
  return {
    respond: (id, answer) => answers.settle(id, () => answer),
    head: (id, head) =>
      write(id, () => ({
        type: 'head',
        id,
        ...toHead({ ...head, statusCode: head?.statusCode ?? 200 }),
      })),
    chunk: (id, body) => write(id, () => ({ type: 'chunk', id, ...encodeChunk(toChunk(body)) })),
    end: (id) => write(id, () => ({ type: 'end', id })),
    error: (id, { statusCode = DEFAULT_ERROR_STATUS, message = DEFAULT_ERROR_MESSAGE } = {}) =>
      write(id, () => ({
        type: 'error',
        id,
        statusCode: toHead({ statusCode }).statusCode,
        message: String(message),
      })),
  };
}
