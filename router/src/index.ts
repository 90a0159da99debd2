export { InvokeError, ERROR_KINDS } from './errors.ts';
export type { ErrorCode, ErrorKind, Failure, InvokeErrorCode } from './errors.ts';
export type { Invocation, InvocationMode, InvokeAnswer, Invoker } from './invoke/invoker.ts';
