import { RuntimeError, RuntimeErrorType } from './errors.ts';
import type { HandlerSpec } from './handler-spec.ts';
import type { LambdaContext } from './context.ts';
import type { ResponseStream } from './response-stream.ts';
import { STREAMING_HANDLER, STREAMING_HIGH_WATER_MARK } from './streamify.ts';

/** A handler that returns its answer. */
export type BufferedHandler = (event: unknown, context: LambdaContext) => unknown;

/** A handler that writes its answer. */
export type StreamingHandler = (
  event: unknown,
  stream: ResponseStream,
  context: LambdaContext,
) => unknown;

/** A handler ready to be called, and the files whose change makes it stale. */
export type LoadedHandler =
  | {
      readonly type: 'buffered';
      readonly handle: BufferedHandler;
      readonly inputs: readonly string[];
    }
  | {
      readonly type: 'streaming';
      readonly handle: StreamingHandler;
      /** Bytes that may wait for the reader, as given to `streamifyResponse`. */
      readonly highWaterMark: number | undefined;
      readonly inputs: readonly string[];
    };

const CALLBACK_REFUSED =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. ' +
  'You need to modify this function to use a supported handler signature to use Node.js 24 or later. ' +
  'For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';

/**
 * Finds the handler among a module's exports. Throws `Runtime.HandlerNotFound`,
 * `Runtime.CallbackHandlerDeprecated` or `Runtime.MalformedStreamingHandler`.
 */
export function findHandler(
  namespace: unknown,
  spec: HandlerSpec,
  inputs: readonly string[],
): LoadedHandler {
  return describe(findExport(namespace, spec), inputs);
}

/** What Lambda's runtime makes of an error that a module met while it was loaded. */
export function asImportError(error: unknown): unknown {
  if (error instanceof RuntimeError || !(error instanceof Error)) return error;
  if (error.name === 'SyntaxError') {
    const wrapped = new RuntimeError(RuntimeErrorType.userCodeSyntax, String(error), {
      cause: error,
    });
    if (error.stack !== undefined) wrapped.stack = error.stack;
    return wrapped;
  }
  const code = 'code' in error ? error.code : undefined;
  return code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND'
    ? new RuntimeError(RuntimeErrorType.importModule, String(error), { cause: error })
    : error;
}

function findExport(namespace: unknown, spec: HandlerSpec): object {
  const handler =
    follow(namespace, spec.exportPath) ?? follow(follow(namespace, ['default']), spec.exportPath);
  if (typeof handler === 'function') return handler;
  const problem = handler ? 'is not a function' : 'is undefined or not exported';
  throw new RuntimeError(RuntimeErrorType.handlerNotFound, `${spec.text} ${problem}`);
}

function follow(root: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined,
    root,
  );
}

function describe(handler: object, inputs: readonly string[]): LoadedHandler {
  const mode: unknown = Reflect.get(handler, STREAMING_HANDLER);
  if (mode === 'response') {
    const mark = Number(Reflect.get(handler, STREAMING_HIGH_WATER_MARK) ?? Number.NaN);
    const highWaterMark = mark > 0 ? mark : undefined;
    return { type: 'streaming', handle: handler as StreamingHandler, highWaterMark, inputs };
  }
  if (mode) {
    throw new RuntimeError(
      RuntimeErrorType.malformedStreamingHandler,
      'Only response streaming is supported.',
    );
  }
  const handle = handler as BufferedHandler;
  if (handle.length >= 3) {
    throw new RuntimeError(RuntimeErrorType.callbackHandler, CALLBACK_REFUSED);
  }
  return { type: 'buffered', handle, inputs };
}
