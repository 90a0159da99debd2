/** Seconds over which the share is taken. */
const WINDOW_SECONDS = 10;

export interface RetryBudgetOptions {
  /** Retries allowed per invocation, 0–1. Default 0.1. */
  readonly share?: number;
  /** Retries allowed in any second, whatever the share comes to. Default 10. */
  readonly minPerSecond?: number;
}

/**
 * Keeps retries from multiplying the load of a function that is throttled: over the last ten seconds
 * they are at most a share of the invocations, except that a few in each second are always free, so
 * that a quiet router retries too.
 */
export class RetryBudget {
  readonly #share: number;
  readonly #minPerSecond: number;
  readonly #invocations = new Float64Array(WINDOW_SECONDS);
  readonly #retries = new Float64Array(WINDOW_SECONDS);
  #second = 0;

  constructor({ share = 0.1, minPerSecond = 10 }: RetryBudgetOptions = {}) {
    this.#share = share;
    this.#minPerSecond = minPerSecond;
  }

  /** @param nowMs epoch ms */
  invoked(nowMs: number): void {
    this.#turnTo(nowMs);
    this.#invocations[this.#second % WINDOW_SECONDS]! += 1;
  }

  /** Takes one retry out of the budget; false when there is none left. */
  take(nowMs: number): boolean {
    this.#turnTo(nowMs);
    const slot = this.#second % WINDOW_SECONDS;
    const free = this.#retries[slot]! < this.#minPerSecond;
    if (!free && sum(this.#retries) + 1 > sum(this.#invocations) * this.#share) return false;
    this.#retries[slot]! += 1;
    return true;
  }

  #turnTo(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    // A clock that is set back finds its slots as they are.
    const passed = Math.min(second - this.#second, WINDOW_SECONDS);
    for (let ago = 0; ago < passed; ago += 1) {
      this.#invocations[(second - ago) % WINDOW_SECONDS] = 0;
      this.#retries[(second - ago) % WINDOW_SECONDS] = 0;
    }
    if (passed > 0) this.#second = second;
  }
}

function sum(counts: Float64Array): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}
