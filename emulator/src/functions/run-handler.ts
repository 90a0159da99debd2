import type { InvocationMode } from 'lpr-router';
import type { LambdaContext } from '../runtime/context.ts';
import { encodeAnswer, limitAnswer } from '../runtime/encode-answer.ts';
import { FunctionFailure, toErrorPayload } from '../runtime/errors.ts';
import type { BufferedHandler, LoadedHandler, StreamingHandler } from '../runtime/find-handler.ts';
import { ResponseStream } from '../runtime/response-stream.ts';
import { withTimeLimit } from './time-limit.ts';
import type { TimeLimit } from './time-limit.ts';

/** One call of a handler. */
export interface HandlerRun {
  /** The event as JSON text in UTF-8; no bytes at all count as `{}`. */
  readonly payload: Uint8Array;
  readonly context: LambdaContext;
  readonly timeoutMs: number;
  /** How the answer is read. */
  readonly mode: InvocationMode;
  /** Aborted when the reader goes; the handler runs on. */
  readonly signal: AbortSignal | undefined;
  /** Rejects when the environment dies under the handler. */
  readonly crashed?: Promise<never> | undefined;
}

/** What a handler answers. Reading `chunks` throws a `FunctionFailure` when the handler fails midway. */
export type HandlerAnswer =
  | { readonly type: 'buffered'; readonly bytes: Uint8Array }
  | {
      readonly type: 'stream';
      readonly contentType: string;
      readonly chunks: AsyncIterable<Uint8Array>;
    };

/** A handler at work. Both promises reject with a `FunctionFailure` only. */
export interface RunningHandler {
  /** Settles when there is something to hand on. */
  readonly answer: Promise<HandlerAnswer>;
  /** Settles when the handler is done. */
  readonly finished: Promise<unknown>;
}

/** Calls a handler, whichever way it answers and whichever way that is read. */
export function startHandler(handler: LoadedHandler, run: HandlerRun): RunningHandler {
  if (handler.type === 'buffered') {
    const finished = runBuffered(handler.handle, run);
    return { finished, answer: finished.then((bytes) => asRead(bytes, run.mode)) };
  }
  const stream = new ResponseStream(handler.highWaterMark);
  const finished = runStreaming(handler.handle, stream, run);
  // Whoever reads the stream meets the failure there.
  finished.catch(() => undefined);
  const { signal } = run;
  signal?.addEventListener('abort', () => stream.abandon(signal.reason), { once: true });
  return { finished, answer: run.mode === 'buffered' ? collect(stream) : begin(stream) };
}

async function runBuffered(handle: BufferedHandler, run: HandlerRun): Promise<Uint8Array> {
  const { context } = run;
  const answer = (async () => handle(parseEvent(run.payload), context))();
  try {
    return encodeAnswer(await withTimeLimit(answer, limitOf(run)));
  } catch (error) {
    throw new FunctionFailure(toErrorPayload(error));
  }
}

async function runStreaming(
  handle: StreamingHandler,
  stream: ResponseStream,
  run: HandlerRun,
): Promise<void> {
  const { context } = run;
  const closed = new Promise((resolve) => stream.once('close', resolve));
  const handled = (async () => {
    const result = handle(parseEvent(run.payload), stream, context);
    if (!isPromise(result)) throw new Error('Streaming does not support non-async handlers.');
    await result;
    // Until `end()` is called the answer is not complete: the runtime waits for it, until the timeout.
    await closed;
    if (stream.tooLarge !== undefined) throw stream.tooLarge;
  })();
  try {
    await withTimeLimit(handled, {
      ...limitOf(run),
      onStopped: (reason) => stream.abort(reason),
    });
  } catch (error) {
    const failure = new FunctionFailure(toErrorPayload(error));
    stream.fail(failure);
    throw failure;
  }
}

function limitOf({ timeoutMs, context, crashed }: HandlerRun): TimeLimit {
  return { milliseconds: timeoutMs, requestId: context.awsRequestId, crashed };
}

function asRead(bytes: Uint8Array, mode: InvocationMode): HandlerAnswer {
  return mode === 'buffered'
    ? { type: 'buffered', bytes }
    : { type: 'stream', contentType: 'application/json', chunks: only(bytes) };
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function begin(stream: ResponseStream): Promise<HandlerAnswer> {
  await stream.begun;
  if (stream.failedUnread !== undefined) throw stream.failedUnread.reason;
  return { type: 'stream', contentType: stream.contentType, chunks: failing(stream) };
}

async function collect(stream: ResponseStream): Promise<HandlerAnswer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of failing(stream)) chunks.push(chunk);
  return { type: 'buffered', bytes: limitAnswer(Buffer.concat(chunks)) };
}

// A stream that the handler destroyed fails with the handler's own error.
async function* failing(stream: ResponseStream): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw error instanceof FunctionFailure ? error : new FunctionFailure(toErrorPayload(error));
  }
}

const decoder = new TextDecoder();

function parseEvent(payload: Uint8Array): unknown {
  return payload.byteLength === 0 ? {} : JSON.parse(decoder.decode(payload));
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}
