import { describe, expect, it } from 'vitest';
import { fromCsv, toCsv } from '../src/loadtest/summary-csv.ts';
import { summarize } from '../src/loadtest/summary.ts';
import { COSTS, result, RESULTS, route, ROWS, tally } from './loadtest-results.ts';

describe('summary', () => {
  it('reckons cost from what was counted, and compares with the direct function', () => {
    const [direct, batched] = ROWS;
    // A million invocations of 100 ms at 1 GB: 0.20 + 100,000 GB-s at 0.0000166667.
    expect(direct).toMatchObject({
      invocations_per_1000_requests: 1000,
      billed_ms: 100,
      lambda_usd_per_million: 1.8667,
      router_usd_per_million: 0,
      total_usd_per_million: 1.8667,
      total_cost_vs_direct: 1,
    });
    // A quarter of the invocations, of 110 ms each.
    expect(batched).toMatchObject({
      mean_batch_size: 4,
      invocations_per_1000_requests: 250,
      billed_ms: 110,
      lambda_usd_per_million: 0.50833,
      invocations_vs_direct: 0.25,
      lambda_cost_vs_direct: 0.27231,
    });
    // In the second stage the direct function takes twice as long.
    expect(ROWS[3]!.lambda_cost_vs_direct).toBeCloseTo(0.50833 / 3.5333, 4);
  });

  it('spreads the hour of router and load balancer over the requests of that rate', () => {
    // Two tasks: 0.09874 an hour. Load balancer: 0.0225, and 1.44 GB an hour are 1.44 units of 0.008.
    const perHour = 2 * (0.04048 + 2 * 0.004445) + 0.0225 + 1.44 * 0.008;
    expect(ROWS[1]!.router_usd_per_million).toBeCloseTo((perHour / 360_000) * 1e6, 4);
    expect(ROWS[3]!.router_usd_per_million).toBeLessThan(ROWS[1]!.router_usd_per_million!);
  });

  it('takes each request for its share of a batch where nobody counts invocations', () => {
    const batches = new Map([
      [4, 800],
      [1, 200],
    ]);
    const [row] = summarize([result('a', { tally: tally({ batches }) })], COSTS);
    expect(row).toMatchObject({
      invocations_from: 'header',
      invocations_per_1000_requests: 400,
      mean_batch_size: 2.5,
      // Nobody knows what was billed.
      billed_from: undefined,
      lambda_usd_per_million: undefined,
      total_usd_per_million: undefined,
    });
  });

  it('takes an assumed duration only where none was counted', () => {
    const assumed = { ...COSTS, billedMs: 50 };
    const direct = result('d', { route: route('d', { direct: true }) });
    const [own, counted] = summarize([direct, RESULTS[0]!], assumed);
    expect(own).toMatchObject({ billed_ms: 50, billed_from: 'assumed' });
    expect(own).toMatchObject({ invocations_from: 'direct', lambda_usd_per_million: 1.0333 });
    expect(counted).toMatchObject({ billed_ms: 100, billed_from: 'counted' });
  });

  it('takes what CloudWatch told, in whole ms and at the price of the architecture', () => {
    const durations = new Map([['a', 49.2]]);
    const arm = route('a', { direct: true, memoryMb: 2048, architecture: 'arm64' });
    const [row] = summarize([result('a', { route: arm })], { ...COSTS, durations, billedMs: 1 });
    expect(row).toMatchObject({
      billed_ms: 50,
      billed_from: 'cloudwatch',
      // 100,000 GB-s at 0.0000133334.
      lambda_usd_per_million: 1.5333,
    });
  });

  it('leaves out what it cannot know: batches without the header, comparison without a baseline', () => {
    const [row] = summarize([result('a')], { ...COSTS, billedMs: 50 });
    expect(row).toMatchObject({
      mean_batch_size: undefined,
      invocations_from: undefined,
      lambda_usd_per_million: undefined,
      invocations_vs_direct: undefined,
    });
  });
});

describe('summary.csv', () => {
  it('is read back as it was written, empty cells included', () => {
    const unknown = summarize([result('a, "b"'), ...RESULTS], COSTS);
    expect(fromCsv(toCsv(unknown))).toEqual(unknown);
  });

  it('names the line and the column of a wrong cell', () => {
    const text = toCsv(ROWS).replace('batched,GET,false,2', 'batched,GET,false,x');
    expect(() => fromCsv(text)).toThrow('got in line 5, column `stage`');
  });

  it.each(['', 'route,rate\n'])('refuses a file without rows: %j', (text) => {
    expect(() => fromCsv(text)).toThrow('Expected a row below the head of the CSV, got none');
  });

  it('refuses another CSV', () => {
    expect(() => fromCsv('name,size\na,1\n')).toThrow(
      "Expected a run's `summary.csv`, got in line 2, column `route`",
    );
  });
});
