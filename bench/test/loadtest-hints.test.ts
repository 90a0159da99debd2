import { describe, expect, it } from 'vitest';
import { hintsOf } from '../src/loadtest/hints.ts';
import { ROWS } from './loadtest-results.ts';

const [row] = ROWS;
const quiet = { ...row!, route: 'a', lag_p99_ms: 1, p50_ms: 1 };

describe('hints', () => {
  it('are not given where there is nothing to say', () => {
    expect(hintsOf([quiet, { ...quiet, lag_p99_ms: 9, p50_ms: 20 }])).toEqual([]);
  });

  it.each([
    [{ lag_p99_ms: 6, p50_ms: 10 }, 'This machine sent late (lag), so part of these latencies'],
    [{ not_sent: 1 }, 'More requests were in flight than `--max-in-flight` allows'],
    [{ invocations_from: undefined }, '`LPR_INCLUDE_BATCH_SIZE_HEADER=1`'],
    [{ billed_from: undefined }, 'Give it with `--billed-ms`'],
  ])('name the rows, and what to do: %j', (more, text) => {
    const hints = hintsOf([quiet, { ...quiet, ...more, route: 'b', rate: 7 }]);
    expect(hints).toEqual([expect.stringContaining(text)]);
    expect(hints[0]).toContain('b at 7/s');
    expect(hints[0]).not.toContain('a at');
  });
});
