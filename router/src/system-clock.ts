import type { Clock } from './batching/clock.ts';

/** The machine's clock. A batching window keeps the process alive until it is over. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
