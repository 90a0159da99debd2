import type { Clock } from 'lpr-router';

/** An answer that came, whatever its status. Moments are the clock's. */
export interface Answer {
  readonly status: number;
  /** From `x-lpr-batch-size`; `undefined` without that header. */
  readonly batchSize: number | undefined;
  /** When its status and headers were there. */
  readonly headAtMs: number;
  /** When its last byte was there. */
  readonly endAtMs: number;
}

/** What became of one arrival. `intendedAtMs` is when it was to be sent: latency counts from there. */
export type Outcome =
  | ({
      readonly type: 'answered';
      readonly intendedAtMs: number;
      readonly sentAtMs: number;
    } & Answer)
  | {
      readonly type: 'failed';
      readonly intendedAtMs: number;
      readonly sentAtMs: number;
      readonly reason: string;
    }
  /** Too many were in flight; what it would have waited is not known. */
  | { readonly type: 'not-sent'; readonly intendedAtMs: number };

export interface OpenLoopOptions {
  /** In ms from the start, ascending. */
  readonly arrivals: Iterable<number>;
  /** Sends the nth request, from 0; rejects when no answer comes. */
  readonly send: (n: number) => Promise<Answer>;
  readonly onOutcome: (outcome: Outcome) => void;
  readonly clock: Clock;
  /** Arrivals beyond so many requests in flight are not sent; a bound on memory and sockets. */
  readonly maxInFlight: number;
  /** No arrivals after it aborts; what is in flight is still waited for. */
  readonly signal?: AbortSignal;
}

/**
 * Sends each request when it is due, whether or not those before it were answered, and resolves when
 * the last one is settled. One that is sent late, because this process was busy, counts from when it
 * was due.
 */
export function runOpenLoop(options: OpenLoopOptions): Promise<void> {
  const { send, onOutcome, clock, maxInFlight, signal } = options;
  const arrivals = options.arrivals[Symbol.iterator]();
  const startMs = clock.now();
  const { promise, resolve } = Promise.withResolvers<void>();
  let inFlight = 0;
  let sent = 0;
  let next = arrivals.next();
  let timer: ReturnType<Clock['setTimer']> | undefined;

  const settle = (outcome: Outcome): void => {
    inFlight -= 1;
    onOutcome(outcome);
    endWhenSettled();
  };
  const endWhenSettled = (): void => {
    if (inFlight === 0 && next.done === true) resolve();
  };
  const arrive = (intendedAtMs: number): void => {
    if (inFlight >= maxInFlight) return onOutcome({ type: 'not-sent', intendedAtMs });
    inFlight += 1;
    const sentAtMs = clock.now();
    const n = sent;
    sent += 1;
    send(n).then(
      (answer) => settle({ type: 'answered', intendedAtMs, sentAtMs, ...answer }),
      (error: unknown) =>
        settle({ type: 'failed', intendedAtMs, sentAtMs, reason: reasonOf(error) }),
    );
  };
  const sendDue = (): void => {
    while (next.done !== true && startMs + next.value <= clock.now()) {
      const intendedAtMs = startMs + next.value;
      // First: what is sent may stop the load.
      next = arrivals.next();
      arrive(intendedAtMs);
    }
    if (next.done === true) return endWhenSettled();
    // The clock may have passed it since the last look.
    timer = clock.setTimer(Math.max(0, startMs + next.value - clock.now()), sendDue);
  };
  const stop = (): void => {
    timer?.cancel();
    next = { done: true, value: undefined };
    endWhenSettled();
  };
  if (signal?.aborted === true) stop();
  else {
    signal?.addEventListener('abort', stop, { once: true });
    sendDue();
  }
  return promise.finally(() => signal?.removeEventListener('abort', stop));
}

/** A short word to count failures by: the code where there is one. */
function reasonOf(error: unknown): string {
  const { code, name, message } = error as NodeJS.ErrnoException;
  return code ?? (name === 'Error' ? message : name);
}
