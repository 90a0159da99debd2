import { url as inspectorUrl } from 'node:inspector';
import type { FunctionErrorPayload } from '../runtime/errors.ts';
import { FunctionFailure } from '../runtime/errors.ts';

/** How often to look whether a debugger is still there. */
const DEBUGGER_POLL_MS = 500;

/** The error of an invocation that ran longer than its function's `Timeout`, in Lambda's words. */
export function timedOut(requestId: string, milliseconds: number): FunctionErrorPayload {
  const seconds = (milliseconds / 1000).toFixed(2);
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
  };
}

/** What may end work before it is done. */
export interface TimeLimit {
  readonly milliseconds: number;
  readonly requestId: string;
  /** Ends the work when it rejects. */
  readonly crashed?: Promise<never> | undefined;
  /** Told before the promise rejects for one of these reasons. */
  readonly onStopped?: (reason: unknown) => void;
}

/**
 * Settles as `work` does, unless the time passes first (then with the `Sandbox.Timedout` failure) or
 * `crashed` rejects. Time does not count while a debugger may be attached. `work` itself cannot be stopped.
 */
export async function withTimeLimit<T>(work: Promise<T>, limit: TimeLimit): Promise<T> {
  const { milliseconds, requestId, crashed, onStopped } = limit;
  const stopped = Promise.withResolvers<never>();
  const stop = (reason: unknown): void => {
    onStopped?.(reason);
    stopped.reject(reason);
  };
  const cancel = afterTime(milliseconds, () =>
    stop(new FunctionFailure(timedOut(requestId, milliseconds))),
  );
  let over = false;
  crashed?.catch((reason: unknown) => {
    if (!over) stop(reason);
  });
  try {
    return await Promise.race([work, stopped.promise]);
  } finally {
    over = true;
    cancel();
  }
}

/** Calls `onTime` after that long, or once the debugger has gone; returns what cancels it. */
export function afterTime(milliseconds: number, onTime: () => void): () => void {
  const look = (): void => {
    if (inspectorUrl() === undefined) onTime();
    else timer = setTimeout(look, DEBUGGER_POLL_MS);
  };
  let timer = setTimeout(look, milliseconds);
  return () => clearTimeout(timer);
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
