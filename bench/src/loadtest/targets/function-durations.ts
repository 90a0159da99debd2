import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchClient, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Clock } from 'lpr-router';

export interface DurationOptions {
  readonly functionNames: readonly string[];
  readonly since: Date;
  /** Longest time to wait for metrics, in ms: they come minutes late. */
  readonly waitMs: number;
  readonly clock: Clock;
  /** Ends the waiting; what is there counts. */
  readonly signal: AbortSignal;
}

interface Totals {
  readonly invocations: number;
  readonly durationMs: number;
}

const POLL_MS = 15_000;

/**
 * Mean duration of the functions' invocations, in ms, by function name, as CloudWatch tells. It is
 * asked until every function has figures that no longer change. Others that invoke the functions count, too.
 */
export async function meanDurations(
  client: CloudWatchClient,
  options: DurationOptions,
): Promise<ReadonlyMap<string, number>> {
  const { functionNames, waitMs, clock, signal } = options;
  const untilMs = clock.now() + waitMs;
  let before = new Map<string, Totals>();
  for (;;) {
    const totals = await readTotals(client, options);
    const settled = functionNames.every(
      (name) => totals.has(name) && totals.get(name)!.invocations === before.get(name)?.invocations,
    );
    if (settled || signal.aborted || clock.now() + POLL_MS > untilMs) {
      return new Map(
        [...totals].map(([name, { invocations, durationMs }]) => [name, durationMs / invocations]),
      );
    }
    before = totals;
    await pause(clock, POLL_MS, signal);
  }
}

async function readTotals(
  client: CloudWatchClient,
  { functionNames, since }: DurationOptions,
): Promise<Map<string, Totals>> {
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      // Metrics belong to the minute in which they began.
      StartTime: new Date(Math.floor(since.getTime() / 60_000) * 60_000),
      EndTime: new Date(),
      MetricDataQueries: functionNames.flatMap((name, index) => [
        query(`invocations${index}`, 'Invocations', name),
        query(`duration${index}`, 'Duration', name),
      ]),
    }),
  );
  const sumOf = (id: string) =>
    MetricDataResults.filter(({ Id }) => Id === id)
      .flatMap(({ Values = [] }) => Values)
      .reduce((sum, value) => sum + value, 0);
  const totals = functionNames.map((name, index) => {
    const invocations = sumOf(`invocations${index}`);
    return [name, { invocations, durationMs: sumOf(`duration${index}`) }] as const;
  });
  return new Map(totals.filter(([, { invocations }]) => invocations > 0));
}

function query(id: string, metric: string, functionName: string): MetricDataQuery {
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/Lambda',
        MetricName: metric,
        Dimensions: [{ Name: 'FunctionName', Value: functionName }],
      },
      Period: 60,
      Stat: 'Sum',
    },
  };
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = clock.setTimer(ms, resolve);
  const onAbort = () => {
    timer.cancel();
    resolve();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return promise.finally(() => signal.removeEventListener('abort', onAbort));
}
