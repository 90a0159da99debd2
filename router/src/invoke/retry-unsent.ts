import type { Clock } from '../batching/clock.ts';
import { InvokeError } from '../errors.ts';
import { channels } from '../telemetry/channels.ts';
import type { InvocationRetried } from '../telemetry/channels.ts';
import type { Invocation, Invoker } from './invoker.ts';
import { RetryBudget } from './retry-budget.ts';

/** Upper bound of the first wait; each further one doubles it, up to `MAX_BACKOFF_MS`. */
const FIRST_BACKOFF_MS = 50;
const MAX_BACKOFF_MS = 1000;
const DEFAULT_RETRIES = 2;

export interface RetryUnsentOptions {
  readonly clock: Clock;
  /** Whose invocations these are, for the channel. */
  readonly routerId?: string;
  /** Default: 10 % of invocations, and never less than 10 a second. */
  readonly budget?: RetryBudget;
  /** 0 ≤ n < 1. Default `Math.random`. */
  readonly random?: () => number;
}

/**
 * Sends an invocation again when it is certain that it did not run (`InvokeError.unsent`): up to
 * `invocation.retries` times (default 2), after a wait of random length whose bound doubles, but not
 * shorter than a throttle's `Retry-After`. When that would pass the deadline, when the budget is
 * spent or nobody waits any more, the error itself goes on.
 */
export function retryUnsent(invoker: Invoker, options: RetryUnsentOptions): Invoker {
  const { clock, routerId = '', budget = new RetryBudget(), random = Math.random } = options;

  async function invoke(invocation: Invocation) {
    budget.invoked(clock.now());
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await invoker.invoke(invocation);
      } catch (error) {
        if (!(error instanceof InvokeError) || !error.unsent) throw error;
        if (attempt > (invocation.retries ?? DEFAULT_RETRIES)) throw error;
        const delayMs = backoff(attempt, error, random);
        const nowMs = clock.now();
        if (invocation.signal.aborted || nowMs + delayMs >= invocation.deadline) throw error;
        if (!budget.take(nowMs)) throw error;
        const { batchId, functionArn } = invocation;
        const { code } = error;
        const message: InvocationRetried = {
          routerId,
          batchId,
          functionArn,
          attempt,
          delayMs,
          code,
          error,
        };
        channels.invocationRetried.publish(message);
        await wait(clock, delayMs, invocation.signal);
        if (invocation.signal.aborted) throw error;
      }
    }
  }

  return { invoke, close: async () => invoker.close?.() };
}

function backoff(attempt: number, error: InvokeError, random: () => number): number {
  const bound = Math.min(FIRST_BACKOFF_MS * 2 ** (attempt - 1), MAX_BACKOFF_MS);
  return Math.max(Math.ceil(random() * bound), (error.retryAfterSeconds ?? 0) * 1000);
}

/** Resolves after the delay, or as soon as the signal is aborted. */
function wait(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      timer.cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.setTimer(delayMs, done);
    signal.addEventListener('abort', done);
  });
}
