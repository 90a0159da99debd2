import { readPrices } from '../src/costs/prices.ts';
import type { Tally } from '../src/loadtest/recorder.ts';
import type { LoadRoute } from '../src/loadtest/routes.ts';
import type { StageResult } from '../src/loadtest/suite.ts';
import { summarize } from '../src/loadtest/summary.ts';
import type { CostOptions } from '../src/loadtest/summary.ts';

const TIMES = { mean: 21, p50: 20, p90: 30, p95: 35, p99: 40, p999: 45, max: 50 };

export const COSTS: CostOptions = {
  prices: readPrices(),
  service: { tasks: 2, vcpus: 1, memoryGb: 2, architecture: 'x86_64' },
  memoryMb: 1024,
  billedMs: undefined,
};

export function route(name: string, more: Partial<LoadRoute> = {}): LoadRoute {
  return {
    name,
    method: 'GET',
    url: `http://127.0.0.1/${name}`,
    direct: false,
    functionName: name,
    memoryMb: undefined,
    architecture: undefined,
    ...more,
  };
}

export function tally(more: Partial<Tally> = {}): Tally {
  return {
    arrivals: 1000,
    ok: 1000,
    errors: 0,
    failed: 0,
    notSent: 0,
    latency: TIMES,
    head: TIMES,
    lag: TIMES,
    batches: undefined,
    problems: {},
    ...more,
  };
}

export function result(name: string, more: Partial<StageResult> = {}): StageResult {
  return {
    route: route(name),
    stage: 1,
    rate: 100,
    seconds: 10,
    tally: tally(),
    billing: undefined,
    ...more,
  };
}

/** Two stages of a direct and of a batched function, as an emulator counts them. */
export const RESULTS: readonly StageResult[] = [1, 2].flatMap((stage) => [
  result('direct', {
    route: route('direct', { direct: true }),
    stage,
    rate: stage * 100,
    billing: { invocations: 1000, billedMs: stage * 100_000 },
  }),
  result('batched', {
    stage,
    rate: stage * 100,
    billing: { invocations: 250, billedMs: 27_500 },
  }),
]);

export const ROWS = summarize(RESULTS, COSTS);
