/** What marks a handler as streaming for Lambda's Node.js runtime, with the value `'response'`. */
const STREAMING_HANDLER = Symbol.for('aws.lambda.runtime.handler.streaming');

/**
 * The stream that the runtime hands to a streaming handler; `awslambda.HttpResponseStream` and any Node
 * `Writable` fit. Only `write` and `end` must be there.
 */
export interface ResponseSink {
  /** Returns `false` when nothing more should be written before `drain`. */
  write(chunk: string | Uint8Array): unknown;
  end(): unknown;
  setContentType?(contentType: string): void;
  on?(event: 'drain' | 'finish' | 'close' | 'error', listener: (error?: unknown) => void): unknown;
  readonly destroyed?: boolean;
  readonly writableFinished?: boolean;
}

/** Makes Lambda stream what a handler writes, as `awslambda.streamifyResponse` does. */
export type Streamify = (handler: (...args: never[]) => Promise<void>) => unknown;

/**
 * Makes `handler` a streaming one and returns it: tagged, as the runtime expects, and through the given function
 * or `awslambda.streamifyResponse` where that exists, which it does not in tests and in some runtimes.
 */
export function streamify<Handler extends (...args: never[]) => Promise<void>>(
  handler: Handler,
  given?: Streamify,
): Handler {
  Object.assign(handler, { [STREAMING_HANDLER]: 'response' });
  const { awslambda } = globalThis as unknown as { awslambda?: { streamifyResponse?: Streamify } };
  const wrap = given ?? awslambda?.streamifyResponse;
  return wrap ? (wrap(handler) as Handler) : handler;
}
