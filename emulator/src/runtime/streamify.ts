import type { ResponseStream } from './response-stream.ts';

/** Set to `'response'` on a streaming handler; the contract of Lambda's Node.js runtime. */
export const STREAMING_HANDLER = Symbol.for('aws.lambda.runtime.handler.streaming');

/** Carries `streamifyResponse`'s `highWaterMark` option, in bytes. */
export const STREAMING_HIGH_WATER_MARK = Symbol.for(
  'aws.lambda.runtime.handler.streaming.highWaterMark',
);

/** Content type of an answer that begins with an HTTP prelude. */
export const HTTP_INTEGRATION_CONTENT_TYPE = 'application/vnd.awslambda.http-integration-response';

const PRELUDE_END = 8;

/** Tags `handler` as streaming and returns the same function, as `awslambda.streamifyResponse` does. */
export function streamifyResponse<Handler extends object>(
  handler: Handler,
  options?: { readonly highWaterMark?: number },
): Handler {
  const tags: Record<symbol, unknown> = { [STREAMING_HANDLER]: 'response' };
  if (typeof options?.highWaterMark === 'number') {
    tags[STREAMING_HIGH_WATER_MARK] = Math.trunc(options.highWaterMark);
  }
  return Object.assign(handler, tags);
}

/** Stands in for `awslambda.HttpResponseStream`. */
export const HttpResponseStream = {
  /** Sends `prelude` (status, headers, cookies) as JSON and eight NUL bytes before the first `write`. */
  from(stream: ResponseStream, prelude: unknown): ResponseStream {
    stream.setContentType(HTTP_INTEGRATION_CONTENT_TYPE);
    const head = JSON.stringify(prelude);
    stream._onBeforeFirstWrite = (write) => {
      write(head);
      write(new Uint8Array(PRELUDE_END));
    };
    return stream;
  },
};

/**
 * Provides the global `awslambda` that handlers expect. What is already there stays: libraries such as
 * `@aws/lambda-invoke-store` create the namespace themselves, without these two members.
 */
export function installAwsLambda(): void {
  const scope = globalThis as { awslambda?: Record<string, unknown> };
  scope.awslambda ??= {};
  scope.awslambda['streamifyResponse'] ??= streamifyResponse;
  scope.awslambda['HttpResponseStream'] ??= HttpResponseStream;
}
