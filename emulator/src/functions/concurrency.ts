/** Which of Lambda's limits refused an invocation: the `Reason` of a `TooManyRequestsException`. */
export type ThrottleReason =
  | 'ReservedFunctionConcurrentInvocationLimitExceeded'
  | 'ConcurrentInvocationLimitExceeded'
  | 'FunctionInvocationRateLimitExceeded';

/** An invocation that Lambda would refuse with 429; nothing has run. */
export class ThrottledError extends Error {
  override readonly name = 'ThrottledError';
  readonly reason: ThrottleReason;
  /** For `Retry-After`. */
  readonly retryAfterSeconds = 1;

  constructor(functionName: string, reason: ThrottleReason) {
    super(`Rate Exceeded: \`${functionName}\` was throttled (${reason})`);
    this.reason = reason;
  }
}

/** A function as far as concurrency goes. */
export interface ConcurrencyLimits {
  readonly name: string;
  readonly reservedConcurrency?: number;
}

/** What an account may run at once unless it has asked for more. */
export const DEFAULT_ACCOUNT_CONCURRENCY = 1000;

/** Counts invocations as Lambda does: of a function with reserved concurrency against that, of others against the rest. */
export class ConcurrencyGate {
  readonly #running = new Map<string, number>();
  #unreserved = 0;

  /** Takes a place for one invocation; returns what gives it back, once. Throws a `ThrottledError`. */
  enter(
    limits: ConcurrencyLimits,
    all: readonly ConcurrencyLimits[],
    accountConcurrency: number,
  ): () => void {
    const { name, reservedConcurrency } = limits;
    const running = this.#running.get(name) ?? 0;
    if (reservedConcurrency === undefined) {
      const reserved = all.reduce((sum, other) => sum + (other.reservedConcurrency ?? 0), 0);
      if (this.#unreserved >= accountConcurrency - reserved) {
        throw new ThrottledError(name, 'ConcurrentInvocationLimitExceeded');
      }
      this.#unreserved += 1;
    } else if (running >= reservedConcurrency) {
      throw new ThrottledError(name, 'ReservedFunctionConcurrentInvocationLimitExceeded');
    }
    this.#running.set(name, running + 1);
    let entered = true;
    return () => {
      if (!entered) return;
      entered = false;
      if (reservedConcurrency === undefined) this.#unreserved -= 1;
      this.#running.set(name, (this.#running.get(name) ?? 1) - 1);
    };
  }
}
