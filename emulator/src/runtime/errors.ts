import { sourceStack } from './source-stack.ts';

/** A failed invocation as Lambda reports it: the payload that goes with `X-Amz-Function-Error`. */
export interface FunctionErrorPayload {
  /** The error's `name`, or a type of the platform such as `Sandbox.Timedout`. */
  readonly errorType: string;
  readonly errorMessage: string;
  /** Lines of the stack; absent where the platform, not the handler's code, failed. */
  readonly trace?: readonly string[];
}

/** Errors that the Node.js runtime itself raises, by the names that `aws-lambda-ric` gives them. */
export const RuntimeErrorType = {
  callbackHandler: 'Runtime.CallbackHandlerDeprecated',
  handlerNotFound: 'Runtime.HandlerNotFound',
  importModule: 'Runtime.ImportModuleError',
  invalidStreamingOperation: 'Runtime.InvalidStreamingOperation',
  jsonStringify: 'Runtime.JSONStringifyError',
  malformedHandlerName: 'Runtime.MalformedHandlerName',
  malformedStreamingHandler: 'Runtime.MalformedStreamingHandler',
  userCodeSyntax: 'Runtime.UserCodeSyntaxError',
} as const;

export type RuntimeErrorType = (typeof RuntimeErrorType)[keyof typeof RuntimeErrorType];

/** An error of the runtime, not of the handler's code; `name` is its Lambda error type. */
export class RuntimeError extends Error {
  /** Absolute paths of files, there or not, whose change may mend it. */
  readonly inputs: readonly string[];

  constructor(
    type: RuntimeErrorType,
    message: string,
    { inputs = [], ...options }: ErrorOptions & { readonly inputs?: readonly string[] } = {},
  ) {
    super(message, options);
    this.name = type;
    this.inputs = inputs;
  }
}

/** A function error on its way to whoever reads the answer; thrown only while a stream is read. */
export class FunctionFailure extends Error {
  override readonly name = 'FunctionFailure';
  readonly payload: FunctionErrorPayload;

  constructor(payload: FunctionErrorPayload) {
    super(`${payload.errorType}: ${payload.errorMessage}`);
    this.payload = payload;
  }
}

/** Formats whatever a handler threw, as the Node.js 24 runtime does. */
export function toErrorPayload(thrown: unknown): FunctionErrorPayload {
  if (thrown instanceof FunctionFailure) return thrown.payload;
  try {
    if (isError(thrown)) {
      return {
        errorType: escapeDel(thrown.name),
        errorMessage: escapeDel(thrown.message),
        trace:
          typeof thrown.stack === 'string' ? escapeDel(sourceStack(thrown.stack)).split('\n') : [],
      };
    }
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  } catch {
    return {
      errorType: 'handled',
      errorMessage: 'The handler threw a value whose name, message or stack could not be read.',
      trace: [],
    };
  }
}

/** An error as people read it: its stack where it has one. */
export function errorText({ errorType, errorMessage, trace }: FunctionErrorPayload): string {
  return trace?.length ? trace.join('\n') : `${errorType}: ${errorMessage}`;
}

/** The error of an unhandled rejection, as the Node.js runtime names it. */
export function unhandled(reason: unknown): FunctionErrorPayload {
  const { trace } = toErrorPayload(reason);
  const errorType = 'Runtime.UnhandledPromiseRejection';
  return { errorType, errorMessage: String(reason), ...(trace === undefined ? {} : { trace }) };
}

/** The error of an answer that has more bytes than Lambda hands on, in its words. */
export function tooLarge(limit: number): FunctionErrorPayload {
  return {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${limit} bytes).`,
  };
}

/** The error of an invocation whose environment has ended, in Lambda's words. */
export function exited(requestId: string, code: number): FunctionErrorPayload {
  const reason =
    code === 0
      ? 'Runtime exited without providing a reason'
      : `Runtime exited with error: exit status ${code}`;
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: ${reason}`,
  };
}

/** The error of an invocation whose environment had more memory than it may have. */
export function outOfMemory(requestId: string): FunctionErrorPayload {
  const errorMessage = `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`;
  return { errorType: 'Runtime.OutOfMemory', errorMessage };
}

// An error of another realm (a `vm` context, a test runner's) is no `instanceof Error` here.
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

// The payload's type also travels as an HTTP header in Lambda, where DEL is illegal.
function escapeDel(text: string): string {
  return text.replaceAll('\u007F', '%7F');
}
