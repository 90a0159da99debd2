import { lambdaCost } from '../costs/lambda-cost.ts';
import { loadBalancerPerHour, tasksPerHour, TYPICAL_TRAFFIC } from '../costs/service-cost.ts';
import type { Service } from '../costs/service-cost.ts';
import type { Prices } from '../costs/prices.ts';
import type { Tally } from './recorder.ts';
import type { StageResult } from './suite.ts';
import type { SummaryRow } from './summary-csv.ts';

/** What costs are reckoned with. */
export interface CostOptions {
  readonly prices: Prices;
  /** The router's own tasks. */
  readonly service: Service;
  /** Of functions whose size is not known. */
  readonly memoryMb: number;
  /** Of an invocation, where nobody measured it. */
  readonly billedMs: number | undefined;
  /** Of an invocation, in ms, by function name; as CloudWatch told. */
  readonly durations?: ReadonlyMap<string, number>;
}

/**
 * A row for each result. Rows of the stages of a direct route are what the other rows of the same
 * stage are compared with; without one, the comparing columns are empty.
 */
export function summarize(
  results: readonly StageResult[],
  options: CostOptions,
): readonly SummaryRow[] {
  const rows = results.map((result) => rowOf(result, options));
  return rows.map((row) => {
    const direct = rows.find((other) => other.direct && other.stage === row.stage);
    return {
      ...row,
      invocations_vs_direct: ratio(
        row.invocations_per_1000_requests,
        direct?.invocations_per_1000_requests,
      ),
      lambda_cost_vs_direct: ratio(row.lambda_usd_per_million, direct?.lambda_usd_per_million),
      total_cost_vs_direct: ratio(row.total_usd_per_million, direct?.total_usd_per_million),
    };
  });
}

function rowOf(result: StageResult, { prices, service, ...defaults }: CostOptions): SummaryRow {
  const { route, tally, stage, rate, seconds } = result;
  const answered = tally.ok + tally.errors;
  const { invocations, from } = invocationsOf(result);
  const perRequest =
    invocations === undefined || answered === 0 ? undefined : invocations / answered;
  const memoryMb = route.memoryMb ?? defaults.memoryMb;
  const { billedMs, billedFrom } = billedOf(result, defaults);
  const { architecture = service.architecture } = route;
  const lambda =
    perRequest === undefined || billedMs === undefined
      ? undefined
      : lambdaCost({ invocations: perRequest * 1e6, billedMs, memoryMb, architecture }, prices);
  const router = route.direct ? 0 : routerPerMillion(rate, service, prices);
  return {
    route: route.name,
    method: route.method,
    direct: route.direct,
    stage,
    rate,
    seconds: rounded(seconds),
    arrivals: tally.arrivals,
    ok: tally.ok,
    errors: tally.errors,
    failed: tally.failed,
    not_sent: tally.notSent,
    ...latencyColumns(tally),
    mean_batch_size:
      perRequest === undefined || perRequest === 0 ? undefined : rounded(1 / perRequest),
    invocations_per_1000_requests:
      perRequest === undefined ? undefined : rounded(perRequest * 1000),
    invocations_from: from,
    billed_ms: rounded(billedMs),
    billed_from: billedFrom,
    memory_mb: memoryMb,
    lambda_usd_per_million: rounded(lambda),
    router_usd_per_million: rounded(router),
    total_usd_per_million: rounded(lambda === undefined ? undefined : lambda + router),
  };
}

function latencyColumns({ latency, head, lag }: Tally) {
  return {
    mean_ms: rounded(latency?.mean),
    p50_ms: rounded(latency?.p50),
    p90_ms: rounded(latency?.p90),
    p95_ms: rounded(latency?.p95),
    p99_ms: rounded(latency?.p99),
    p999_ms: rounded(latency?.p999),
    max_ms: rounded(latency?.max),
    head_p50_ms: rounded(head?.p50),
    head_p99_ms: rounded(head?.p99),
    lag_p99_ms: rounded(lag?.p99),
  };
}

/** Counted where they ran; failing that, each request is its share of a batch: one of 4 is a quarter. */
function invocationsOf({ billing, route, tally }: StageResult) {
  if (billing !== undefined) return { invocations: billing.invocations, from: 'counted' } as const;
  if (tally.batches !== undefined) {
    let invocations = 0;
    for (const [size, requests] of tally.batches) invocations += requests / size;
    return { invocations, from: 'header' } as const;
  }
  if (route.direct) return { invocations: tally.ok + tally.errors, from: 'direct' } as const;
  return { invocations: undefined, from: undefined };
}

function billedOf(
  { billing, route }: StageResult,
  { billedMs, durations }: Pick<CostOptions, 'billedMs' | 'durations'>,
) {
  if (billing !== undefined && billing.invocations > 0) {
    return { billedMs: billing.billedMs / billing.invocations, billedFrom: 'counted' } as const;
  }
  const told = durations?.get(route.functionName ?? '');
  if (told !== undefined) return { billedMs: Math.ceil(told), billedFrom: 'cloudwatch' } as const;
  if (billedMs === undefined) return { billedMs: undefined, billedFrom: undefined };
  return { billedMs, billedFrom: 'assumed' } as const;
}

/** The router and its load balancer cost the same in a quiet hour: the share of a request depends on the rate. */
function routerPerMillion(rate: number, service: Service, prices: Prices): number {
  const traffic = { requestsPerSecond: rate, ...TYPICAL_TRAFFIC };
  const perHour = tasksPerHour(service, prices) + loadBalancerPerHour(traffic, 'tasks', prices);
  return (perHour / (rate * 3600)) * 1e6;
}

function ratio(value: number | undefined, of: number | undefined): number | undefined {
  return value === undefined || of === undefined || of === 0 ? undefined : rounded(value / of);
}

function rounded(value: number): number;
function rounded(value: number | undefined): number | undefined;
function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Number(value.toPrecision(5));
}
