import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanBatchSize } from '../src/costs/batch-size.ts';
import { arrivalsOf, seededRandom } from '../src/loadtest/arrivals.ts';

/** Windows one after the other over real arrivals: the first request opens one. */
function simulate(rate: number, maxWaitMs: number, maxBatchSize: number): number {
  const arrivals = [...arrivalsOf({ rate, seconds: 2000 }, 'poisson', seededRandom(3))];
  let batches = 0;
  let openedMs = Number.NEGATIVE_INFINITY;
  let size = maxBatchSize;
  for (const atMs of arrivals) {
    if (size >= maxBatchSize || atMs > openedMs + maxWaitMs) {
      batches += 1;
      openedMs = atMs;
      size = 0;
    }
    size += 1;
  }
  return arrivals.length / batches;
}

describe('mean batch size', () => {
  it.each([
    [1, 25, 16],
    [40, 25, 16],
    [200, 25, 4],
    [200, 50, 16],
    [400, 100, 64],
  ])('is what windows over arrivals come to: %d/s, %d ms, at most %d', (rate, wait, most) => {
    // Within 3 %: chance remains in 2,000 seconds of one request each.
    expect(meanBatchSize(rate, wait, most) / simulate(rate, wait, most)).toBeCloseTo(1, 1);
  });

  it('is 1 without traffic, without a window, or at most 1', () => {
    expect(meanBatchSize(0, 25, 16)).toBe(1);
    expect(meanBatchSize(100, 0, 16)).toBe(1);
    expect(meanBatchSize(100, 25, 1)).toBe(1);
  });

  it('reaches the most a batch takes, however many requests there are', () => {
    expect(meanBatchSize(10_000, 25, 16)).toBeCloseTo(16, 6);
    expect(meanBatchSize(1e9, 25, 16)).toBe(16);
  });

  it('grows with the rate and the window', () => {
    const size = fc.integer({ min: 1, max: 100 });
    const rate = fc.integer({ min: 0, max: 30_000 });
    fc.assert(
      fc.property(rate, rate, size, (one, other, most) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        expect(meanBatchSize(low, 20, most)).toBeLessThanOrEqual(
          meanBatchSize(high, 20, most) + 1e-6,
        );
      }),
    );
  });
});
