import type { Clock } from 'lpr-router';

/** The machine's clock, which never jumps and tells fractions of a millisecond; its zero is the process's start. */
export const monotonicClock: Clock = {
  now: () => performance.now(),
  setTimer(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};
