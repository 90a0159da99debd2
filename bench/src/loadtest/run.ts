import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readPrices } from '../costs/prices.ts';
import type { Prices } from '../costs/prices.ts';
import { createHttpSender } from './http-sender.ts';
import { monotonicClock } from './monotonic-clock.ts';
import type { Flags } from './flags.ts';
import { hintsOf } from './hints.ts';
import { checkFlags, chooseRoutes, planStages } from './plan.ts';
import { toRunJson } from './run-record.ts';
import type { RunSettings } from './run-record.ts';
import { runSuite } from './suite.ts';
import { summarize } from './summary.ts';
import { toCsv } from './summary-csv.ts';
import { startEmulatorTarget } from './targets/emulator-target.ts';
import { stackTarget } from './targets/stack-target.ts';
import type { Target } from './targets/target.ts';
import { urlTarget } from './targets/url-target.ts';
import { writeReports } from './write-reports.ts';

const DEMO = fileURLToPath(new URL('../demo/lpr.yaml', import.meta.url));

export interface RunContext {
  readonly print: (line: string) => void;
  /** Ends the load; what has been measured is reported. */
  readonly signal: AbortSignal;
}

/**
 * Measures and writes `summary.csv`, `run.json`, charts and `report.html`.
 *
 * @throws UsageError for flags, ConfigError for a manifest, Error when no route gave a good answer
 */
export async function run(flags: Flags, context: RunContext): Promise<void> {
  checkFlags(flags);
  const prices = readPrices(flags.prices);
  // No `await using`: Node.js 22 runs this file as it is.
  const target = await openTarget(flags);
  try {
    const sender = createHttpSender(monotonicClock, flags.timeout * 1000);
    try {
      await measure(flags, context, { prices, target, sender });
    } finally {
      await sender[Symbol.asyncDispose]();
    }
  } finally {
    await target[Symbol.asyncDispose]();
  }
}

interface Equipment {
  readonly prices: Prices;
  readonly target: Target;
  readonly sender: ReturnType<typeof createHttpSender>;
}

async function measure(
  flags: Flags,
  { print, signal }: RunContext,
  { prices, target, sender }: Equipment,
): Promise<void> {
  const startedAt = new Date().toISOString();
  const folder = flags.out ?? join('loadtest-results', startedAt.slice(0, 19).replaceAll(':', '-'));
  const routes = chooseRoutes(target.routes, flags.route);
  const stages = planStages(flags, routes.length);
  const timeoutMs = flags.timeout * 1000;

  print(`Load on ${target.description}: ${routes.map(({ name }) => name).join(', ')}`);
  const { arrivals: spacing, seed, maxInFlight, warmUp: warmUpSeconds } = flags;
  const results = await runSuite({
    routes,
    stages,
    warmUpSeconds,
    spacing,
    seed,
    maxInFlight,
    sender,
    signal,
    clock: monotonicClock,
    onProgress: print,
    request: {
      headers: flags.header,
      body: flags.body,
      parameters: flags.param,
      distinct: flags.distinct,
    },
    ...(target.billing === undefined ? {} : { billing: target.billing }),
  });
  if (results.length === 0) return print('Stopped before anything was measured: no report');

  const { arch: architecture, tasks, vcpus, memoryGb, memoryMb, billedMs } = flags;
  const service = { tasks, vcpus, memoryGb, architecture };
  const partial = signal.aborted;
  const durations = await durationsOf(target, new Date(startedAt), { print, signal });
  const rows = summarize(results, { prices, service, memoryMb, billedMs, durations });
  const settings: RunSettings = {
    target: target.description,
    startedAt,
    stages,
    warmUpSeconds,
    spacing,
    seed,
    maxInFlight,
    timeoutMs,
    node: process.versions.node,
    prices: { region: prices.region, date: prices.date },
    service,
    partial,
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'summary.csv'), toCsv(rows));
  await writeFile(join(folder, 'run.json'), toRunJson(settings, results));
  const hints = hintsOf(rows);
  for (const hint of hints) print(hint);
  const title = `Load test of ${target.description}`;
  await writeReports(
    folder,
    { title, notes: [...notesOf(settings, prices, service), ...hints] },
    rows,
  );
  print(`Wrote ${join(folder, 'report.html')}`);
  if (!results.some(({ tally }) => tally.ok > 0)) {
    throw new Error(`Expected good answers, got none: ${problemsOf(results)}`);
  }
}

function openTarget(flags: Flags): Promise<Target> {
  const { url, config, template, path: paths, direct, stack, region, metricsWait } = flags;
  const baseline = direct instanceof URL ? direct : undefined;
  if (stack !== undefined) {
    const metricsWaitMs = metricsWait * 1000;
    return stackTarget({
      stack,
      region,
      config,
      direct: baseline,
      metricsWaitMs,
      clock: monotonicClock,
    });
  }
  if (url !== undefined) return urlTarget({ url, config, paths, direct: baseline });
  const name = typeof direct === 'string' ? direct : undefined;
  if (template === undefined) return startEmulatorTarget({ config: config ?? DEMO }, name);
  return startEmulatorTarget(config === undefined ? { template } : { config, template }, name);
}

async function durationsOf(
  { durations }: Target,
  since: Date,
  { print, signal }: RunContext,
): Promise<ReadonlyMap<string, number>> {
  // Who stops the load wants to see what there is now.
  if (durations === undefined || signal.aborted) return new Map();
  print("Waiting for CloudWatch's metrics of the functions; Ctrl-C goes on without");
  return durations(since, signal);
}

function notesOf(settings: RunSettings, prices: Prices, service: RunSettings['service']): string[] {
  const { startedAt, spacing, seed, partial, node } = settings;
  const { tasks, vcpus, memoryGb, architecture } = service;
  return [
    ...(partial ? ['Stopped before its end: what was measured until then.'] : []),
    `${startedAt}, Node.js ${node}. Arrivals: ${spacing}, seed ${seed}. Requests are sent when they are due, whether or not those before them were answered.`,
    `Costs: prices of ${prices.region} of ${prices.date}${prices.checkedOnline ? '' : ", entered without access to AWS's pages"}; the router as ${tasks} Fargate tasks of ${vcpus} vCPU and ${memoryGb} GB (${architecture}) behind a load balancer; data transfer, logs and free tiers left out.`,
  ];
}

function problemsOf(results: Awaited<ReturnType<typeof runSuite>>): string {
  const all = results.flatMap(({ tally }) => Object.entries(tally.problems));
  const totals = new Map<string, number>();
  for (const [what, count] of all) totals.set(what, (totals.get(what) ?? 0) + count);
  return [...totals].map(([what, count]) => `${count} × ${what}`).join(', ');
}
