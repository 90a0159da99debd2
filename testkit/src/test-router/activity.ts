import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Timer } from 'lpr-router';
import { VirtualClock } from '../virtual-clock.ts';

/** Turns of the event loop without anything happening after which nothing more is expected to. */
const QUIET_TURNS = 4;

/** Notices whether anything goes on: what happens by itself is over once nothing has happened for a few turns. */
export class Activity {
  #events = 0;
  #next = Promise.withResolvers<void>();

  mark(): void {
    this.#events += 1;
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  /** Whether something happens within so many ms of real time. */
  async within(ms: number): Promise<boolean> {
    const tooLate = new AbortController();
    const waited = setTimeout(ms, false, { signal: tooLate.signal }).catch(() => false);
    try {
      return await Promise.race([this.#next.promise.then(() => true), waited]);
    } finally {
      tooLate.abort();
    }
  }

  /** Resolves when nothing happens any more without the time moving on. */
  async quiet(): Promise<void> {
    for (let turns = 0, seen = this.#events; turns < QUIET_TURNS; turns += 1) {
      await setImmediate();
      if (seen !== this.#events) {
        seen = this.#events;
        turns = -1;
      }
    }
  }
}

/** A virtual clock that tells when its timers are set. */
export class WatchedClock extends VirtualClock {
  readonly #activity: Activity;

  constructor(activity: Activity, startMs?: number) {
    super(startMs);
    this.#activity = activity;
  }

  override setTimer(delayMs: number, callback: () => void): Timer {
    this.#activity.mark();
    return super.setTimer(delayMs, () => {
      this.#activity.mark();
      callback();
    });
  }
}
