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

type Streamify = (handler: object) => unknown;

/**
 * Makes `handler` a streaming one and returns it: tagged, as the runtime expects, and through
 * `awslambda.streamifyResponse` where that exists, which it does not in tests and in some runtimes.
 */
export function streamify<Handler extends object>(handler: Handler): Handler {
  Object.assign(handler, { [STREAMING_HANDLER]: 'response' });
  const { awslambda } = globalThis as { awslambda?: { streamifyResponse?: unknown } };
  return typeof awslambda?.streamifyResponse === 'function'
    ? ((awslambda as { streamifyResponse: Streamify }).streamifyResponse(handler) as Handler)
    : handler;
}
