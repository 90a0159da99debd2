import type { ReleasePolicyFactory } from './release-policy.ts';

/** Releases a batch `maxWaitMs` after its first item, however many follow. */
export function fixedWindow(maxWaitMs: number): ReleasePolicyFactory {
  const policy = {
    releaseInMs: ({ now, firstArrivalMs }: { now: number; firstArrivalMs: number }) =>
      Math.max(0, firstArrivalMs + maxWaitMs - now),
  };
  return () => policy;
}
