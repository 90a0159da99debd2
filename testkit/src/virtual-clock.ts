import type { Clock, Timer } from 'lpr-router';

interface PendingTimer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test advances it. */
export class VirtualClock implements Clock {
  #nowMs: number;
  #timers: PendingTimer[] = [];

  /** @param startMs epoch ms; a fixed date by default, so that results repeat */
  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), callback };
    this.#timers.push(timer);
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      },
    };
  }

  /** Timers that were set and neither ran nor were cancelled. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  /** When the next timer falls due, epoch ms; undefined when none is set. */
  get nextDueMs(): number | undefined {
    return this.#next(Number.POSITIVE_INFINITY)?.dueMs;
  }

  /**
   * Moves the time on by `ms` (>= 0) and runs, in order of their time, the timers that fall due,
   * those included that they set themselves.
   */
  advance(ms: number): void {
    if (!(ms >= 0)) {
      throw new RangeError(`Expected \`ms\` to be a number >= 0, got \`${ms}\` (${typeof ms})`);
    }
    const untilMs = this.#nowMs + ms;
    for (let timer = this.#next(untilMs); timer; timer = this.#next(untilMs)) {
      this.#timers.splice(this.#timers.indexOf(timer), 1);
      this.#nowMs = timer.dueMs;
      timer.callback();
    }
    this.#nowMs = untilMs;
  }

  #next(untilMs: number): PendingTimer | undefined {
    let next: PendingTimer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs <= untilMs && (!next || timer.dueMs < next.dueMs)) next = timer;
    }
    return next;
  }
}
