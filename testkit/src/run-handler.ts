import { InvokeError } from 'lpr-router';
import type { InvocationMode, InvokeAnswer } from 'lpr-router';
import { describeValue } from 'lpr-protocol';
import { isAsyncIterable, toBytes, toChunks } from './fake-invoker.ts';
import type { TestContext } from './factories/lambda-context.ts';
import { RecordingStream } from './recording-stream.ts';

/**
 * Any Lambda handler: `(event, context)`, or `(event, responseStream, context)` when it is tagged as streaming, as
 * `awslambda.streamifyResponse` and `withBatchAdapterStream` do. What it answers may also be text, bytes, or an
 * async iterable of them, so that a few lines can stand in for a function.
 */
export type TestHandler = (...args: never[]) => unknown;

type BufferedHandler = (event: unknown, context: TestContext) => unknown;
type StreamingHandler = (event: unknown, stream: RecordingStream, context: TestContext) => unknown;

const STREAMING_HANDLER = Symbol.for('aws.lambda.runtime.handler.streaming');

/** Whether Lambda's runtime would hand the handler a response stream. */
export function isStreaming(handler: TestHandler): boolean {
  return (handler as { [STREAMING_HANDLER]?: unknown })[STREAMING_HANDLER] === 'response';
}

/** Throws a TypeError for what is no handler. */
export function checkHandler(handler: unknown): asserts handler is TestHandler {
  if (typeof handler !== 'function') {
    throw new TypeError(`Expected a handler, got ${describeValue(handler)}`);
  }
}

/** Calls a streaming handler; a handler that fails breaks the stream. Resolves, when it has returned, to what. */
export async function runStreaming(
  handler: TestHandler,
  event: unknown,
  stream: RecordingStream,
  context: TestContext,
): Promise<unknown> {
  try {
    return await (handler as unknown as StreamingHandler)(event, stream, context);
  } catch (error) {
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

/** Calls a buffered handler. */
export async function runBuffered(
  handler: TestHandler,
  event: unknown,
  context: TestContext,
): Promise<unknown> {
  return (handler as unknown as BufferedHandler)(event, context);
}

/** Runs a handler as the function of an invocation, and gives its answer the way it is read. */
export async function startFunction(
  handler: TestHandler,
  event: unknown,
  context: TestContext,
  mode: InvocationMode,
): Promise<InvokeAnswer> {
  if (isStreaming(handler)) {
    const stream = new RecordingStream();
    // The failure is met by whoever reads the stream.
    runStreaming(handler, event, stream, context).catch(() => undefined);
    return asRead(failing(stream), mode);
  }
  const answer = await runBuffered(handler, event, context).catch((error: unknown) => {
    throw functionError(error);
  });
  if (isAsyncIterable(answer)) return asRead(failing(toChunks(answer)), mode);
  const isRaw = typeof answer === 'string' || answer instanceof Uint8Array;
  const bytes = toBytes(isRaw ? answer : (JSON.stringify(answer) ?? 'null'));
  return mode === 'buffered'
    ? { type: 'buffered', bytes }
    : { type: 'stream', chunks: only(bytes) };
}

async function asRead(
  chunks: AsyncIterable<Uint8Array>,
  mode: InvocationMode,
): Promise<InvokeAnswer> {
  if (mode === 'stream') return { type: 'stream', chunks };
  return { type: 'buffered', bytes: Buffer.concat(await Array.fromAsync(chunks)) };
}

async function* failing(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw functionError(error);
  }
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** An `InvokeError` stays what it is, so that a handler can play a throttle. */
function functionError(error: unknown): InvokeError {
  if (error instanceof InvokeError) return error;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new InvokeError('LPR_FUNCTION_ERROR', text, { cause: error });
}

/** What a handler threw, of what `startFunction` and its chunks reject with. */
export function thrownBy(error: unknown): unknown {
  return error instanceof InvokeError ? (error.cause ?? error) : error;
}
