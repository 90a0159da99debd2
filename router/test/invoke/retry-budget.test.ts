import { describe, expect, it } from 'vitest';
import { RetryBudget } from '../../src/index.ts';

const START_MS = Date.UTC(2026, 0, 1);

function takeAll(budget: RetryBudget, nowMs: number): number {
  let taken = 0;
  while (budget.take(nowMs)) taken += 1;
  return taken;
}

function invoke(budget: RetryBudget, times: number, nowMs: number) {
  for (let call = 0; call < times; call += 1) budget.invoked(nowMs);
}

describe('retry budget', () => {
  it('has ten retries in each second for a router that is quiet', () => {
    const budget = new RetryBudget();
    expect(takeAll(budget, START_MS)).toBe(10);
    expect(takeAll(budget, START_MS + 999)).toBe(0);
    expect(takeAll(budget, START_MS + 1000)).toBe(10);
  });

  it('has a tenth of the invocations of the last ten seconds', () => {
    const budget = new RetryBudget();
    for (let second = 0; second < 10; second += 1) invoke(budget, 100, START_MS + second * 1000);
    expect(takeAll(budget, START_MS + 9000)).toBe(100);
    // Spent: the next second has only its own, though those of the window grew.
    invoke(budget, 100, START_MS + 10_000);
    expect(takeAll(budget, START_MS + 10_000)).toBe(10);
  });

  it('forgets seconds that are over, also when none passed in between', () => {
    const budget = new RetryBudget();
    invoke(budget, 1000, START_MS);
    expect(takeAll(budget, START_MS + 3_600_000)).toBe(10);
  });

  it('goes on when the clock is set back', () => {
    const budget = new RetryBudget();
    invoke(budget, 200, START_MS);
    expect(takeAll(budget, START_MS - 60_000)).toBe(20);
  });

  it('takes another share and another minimum', () => {
    const budget = new RetryBudget({ share: 0.5, minPerSecond: 0 });
    expect(takeAll(budget, START_MS)).toBe(0);
    invoke(budget, 4, START_MS);
    expect(takeAll(budget, START_MS)).toBe(2);
  });
});
