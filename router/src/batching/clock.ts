/** A timer that was set and may be taken back. */
export interface Timer {
  cancel(): void;
}

/** The only source of time in `batching/`: the system's, or one that a test or simulator advances. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `callback` once, `delayMs` milliseconds (>= 0) from now. */
  setTimer(delayMs: number, callback: () => void): Timer;
}
