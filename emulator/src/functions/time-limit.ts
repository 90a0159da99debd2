import type { FunctionErrorPayload } from '../runtime/errors.ts';
import { FunctionFailure } from '../runtime/errors.ts';

/** The error of an invocation that ran longer than its function's `Timeout`, in Lambda's words. */
export function timedOut(requestId: string, milliseconds: number): FunctionErrorPayload {
  const seconds = (milliseconds / 1000).toFixed(2);
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
  };
}

/**
 * Settles as `work` does, unless `milliseconds` pass first: then `onTimeout` is called and the promise
 * rejects with the `Sandbox.Timedout` failure. `work` itself cannot be stopped.
 */
export async function withTimeLimit<T>(
  work: Promise<T>,
  milliseconds: number,
  requestId: string,
  onTimeout?: (failure: FunctionFailure) => void,
): Promise<T> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const failure = new FunctionFailure(timedOut(requestId, milliseconds));
    onTimeout?.(failure);
    limit.reject(failure);
  }, milliseconds);
  try {
    return await Promise.race([work, limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Settles as `work` does, or rejects with the signal's reason as soon as it is aborted. */
export async function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return work;
  const left = Promise.withResolvers<never>();
  const leave = (): void => left.reject(signal.reason);
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([work, left.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
