import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrivalsOf, seededRandom } from '../src/loadtest/arrivals.ts';

const stage = { rate: 40, seconds: 2 };

describe('arrivals', () => {
  it('come evenly from the start, none at or after the end', () => {
    const even = [...arrivalsOf({ rate: 4, seconds: 1.1 }, 'even', Math.random)];
    expect(even).toEqual([0, 250, 500, 750, 1000]);
    expect([...arrivalsOf({ rate: 4, seconds: 1 }, 'even', Math.random)]).toHaveLength(4);
  });

  it('are the same for the same seed, and others for another', () => {
    const poisson = (seed: number) => [...arrivalsOf(stage, 'poisson', seededRandom(seed))];
    expect(poisson(7)).toEqual(poisson(7));
    expect(poisson(7)).not.toEqual(poisson(8));
  });

  it('of independent clients have exponential gaps: mean and standard deviation are alike', () => {
    const times = [...arrivalsOf({ rate: 100, seconds: 1000 }, 'poisson', seededRandom(1))];
    const gaps = times.map((time, index) => time - (times[index - 1] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    // 100,000 of them: a per cent is three standard errors.
    expect(mean / 10).toBeCloseTo(1, 1);
    expect(Math.sqrt(variance) / mean).toBeCloseTo(1, 1);
  });

  it('ascend within the stage, whatever the seed', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom('poisson', 'even'), (seed, spacing) => {
        const times = [...arrivalsOf(stage, spacing, seededRandom(seed))];
        expect(times).toEqual(times.toSorted((one, other) => one - other));
        expect(times.every((time) => time >= 0 && time < 2000)).toBe(true);
      }),
    );
  });
});
