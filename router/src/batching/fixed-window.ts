import type { ReleasePolicy } from './release-policy.ts';

/** Releases a batch `maxWaitMs` after its first item, however many follow. */
export function fixedWindow(maxWaitMs: number): ReleasePolicy {
  return {
    releaseInMs: ({ now, firstArrivalMs }) => Math.max(0, firstArrivalMs + maxWaitMs - now),
  };
}
