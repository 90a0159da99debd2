import { describe, expect, it } from 'vitest';
import type { Outcome } from '../src/loadtest/open-loop.ts';
import { Recorder } from '../src/loadtest/recorder.ts';

const answered = (more: Partial<Outcome & { type: 'answered' }> = {}): Outcome => ({
  type: 'answered',
  intendedAtMs: 1000,
  sentAtMs: 1000,
  status: 200,
  batchSize: undefined,
  headAtMs: 1010,
  endAtMs: 1020,
  ...more,
});

function tallyOf(...outcomes: readonly Outcome[]) {
  const recorder = new Recorder();
  for (const outcome of outcomes) recorder.record(outcome);
  return recorder.tally;
}

describe('recorder', () => {
  it('counts latency from when a request was due, and how late it was sent', () => {
    const { latency, head, lag } = tallyOf(answered({ sentAtMs: 1005 }));
    expect(latency!.max).toBeCloseTo(20, 1);
    expect(head!.max).toBeCloseTo(10, 1);
    expect(lag!.max).toBeCloseTo(5, 1);
  });

  it('tells percentiles of all good answers', () => {
    const outcomes = Array.from({ length: 1000 }, (_, n) => answered({ endAtMs: 1001 + n }));
    const { latency } = tallyOf(...outcomes);
    expect(latency!.mean).toBeCloseTo(500.5, 0);
    for (const [percentile, value] of [
      ['p50', 500],
      ['p90', 900],
      ['p95', 950],
      ['p99', 990],
      ['p999', 999],
    ] as const) {
      expect(latency![percentile]).toBeCloseTo(value, 0);
    }
  });

  it('keeps fast errors, and what was never answered, out of the latency', () => {
    const tally = tallyOf(
      answered({ status: 429, endAtMs: 1001 }),
      answered({ status: 399 }),
      answered({ status: 400 }),
      { type: 'failed', intendedAtMs: 1, sentAtMs: 1, reason: 'ECONNRESET' },
      { type: 'not-sent', intendedAtMs: 1 },
    );
    expect(tally).toMatchObject({ arrivals: 5, ok: 1, errors: 2, failed: 1, notSent: 1 });
    expect(tally.problems).toEqual({ '429': 1, '400': 1, ECONNRESET: 1 });
    expect(tally.latency!.mean).toBeCloseTo(20, 1);
  });

  it('counts requests by the size of their batch, errors included', () => {
    const outcomes = [answered({ batchSize: 4 }), answered({ batchSize: 4, status: 502 })];
    expect(tallyOf(...outcomes, answered({ batchSize: 1 })).batches).toEqual(
      new Map([
        [4, 2],
        [1, 1],
      ]),
    );
    expect(tallyOf(answered()).batches).toBeUndefined();
  });
});
