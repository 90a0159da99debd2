import type { Clock } from 'lpr-router';
import { arrivalsOf, seededRandom } from './arrivals.ts';
import type { Spacing, Stage } from './arrivals.ts';
import type { HttpSender } from './http-sender.ts';
import { runOpenLoop } from './open-loop.ts';
import { Recorder } from './recorder.ts';
import type { Tally } from './recorder.ts';
import { requestTo } from './routes.ts';
import type { LoadRoute, RequestOptions } from './routes.ts';

/** What a function's invocations came to, counted where they ran. */
export interface Billing {
  readonly invocations: number;
  /** Sum over the invocations, each rounded up to whole ms as Lambda does. */
  readonly billedMs: number;
}

export interface SuiteOptions {
  readonly routes: readonly LoadRoute[];
  readonly stages: readonly Stage[];
  /** Sent at the first stage's rate before each route and not recorded. */
  readonly warmUpSeconds: number;
  readonly spacing: Spacing;
  readonly seed: number;
  readonly request: RequestOptions;
  readonly maxInFlight: number;
  readonly sender: Pick<HttpSender, 'send'>;
  readonly clock: Clock;
  /** Totals so far by function name, where somebody counts; read before and after each stage. */
  readonly billing?: () => Promise<ReadonlyMap<string, Billing>>;
  /** Ends the suite early; stages that have begun are part of the results. */
  readonly signal: AbortSignal;
  readonly onProgress: (line: string) => void;
}

/** One stage of one route. */
export interface StageResult {
  readonly route: LoadRoute;
  /** From 1. */
  readonly stage: number;
  readonly rate: number;
  /** How long requests were sent; shorter than the stage when it was stopped. */
  readonly seconds: number;
  readonly tally: Tally;
  readonly billing: Billing | undefined;
}

const PROGRESS_MS = 5000;

/** One route after the other, each through all stages, so that no route slows down another. */
export async function runSuite(options: SuiteOptions): Promise<readonly StageResult[]> {
  const { routes, stages, warmUpSeconds, signal, onProgress } = options;
  const results: StageResult[] = [];
  for (const route of routes) {
    if (warmUpSeconds > 0 && !signal.aborted) {
      onProgress(`${route.name}: warming up for ${warmUpSeconds} s`);
      await runStage(options, route, { rate: stages[0]!.rate, seconds: warmUpSeconds }, 0);
    }
    for (const [index, stage] of stages.entries()) {
      if (signal.aborted) return results;
      const result = await runStage(options, route, stage, index + 1);
      onProgress(lineOf(result));
      if (result.tally.arrivals > 0) results.push(result);
    }
  }
  return results;
}

/** Every route meets the same arrivals in a stage: its seed does not depend on the route. */
async function runStage(
  options: SuiteOptions,
  route: LoadRoute,
  stage: Stage,
  number: number,
): Promise<StageResult> {
  const { spacing, seed, request, sender, clock, maxInFlight, signal, onProgress } = options;
  const recorder = new Recorder();
  const before = await billingOf(options, route);
  const startMs = clock.now();
  let stoppedAtMs: number | undefined;
  const onStop = () => (stoppedAtMs = clock.now());
  signal.addEventListener('abort', onStop, { once: true });
  const tell = () => {
    const seconds = ((clock.now() - startMs) / 1000).toFixed(0);
    const { arrivals, ok, errors } = recorder.tally;
    onProgress(
      `${titleOf(route, number, stage)}: ${seconds} s of ${stage.seconds}, ${arrivals} sent, ${ok + errors} answered`,
    );
    progress = clock.setTimer(PROGRESS_MS, tell);
  };
  let progress = clock.setTimer(PROGRESS_MS, tell);
  await runOpenLoop({
    arrivals: arrivalsOf(stage, spacing, seededRandom(seed + number)),
    send: (n) => sender.send(requestTo(route, n, request)),
    onOutcome: recorder.record,
    clock,
    maxInFlight,
    signal,
  });
  progress.cancel();
  signal.removeEventListener('abort', onStop);
  const sentMs = stoppedAtMs === undefined ? stage.seconds * 1000 : stoppedAtMs - startMs;
  return {
    route,
    stage: number,
    rate: stage.rate,
    seconds: Math.min(stage.seconds, sentMs / 1000),
    tally: recorder.tally,
    billing: difference(before, await billingOf(options, route)),
  };
}

async function billingOf({ billing }: SuiteOptions, { functionName }: LoadRoute) {
  if (billing === undefined || functionName === undefined) return undefined;
  return (await billing()).get(functionName) ?? { invocations: 0, billedMs: 0 };
}

function difference(before: Billing | undefined, after: Billing | undefined): Billing | undefined {
  if (before === undefined || after === undefined) return undefined;
  return {
    invocations: after.invocations - before.invocations,
    billedMs: after.billedMs - before.billedMs,
  };
}

function titleOf({ name }: LoadRoute, number: number, { rate }: Pick<Stage, 'rate'>): string {
  return number === 0 ? `${name}, warm-up` : `${name}, stage ${number} (${rate}/s)`;
}

function lineOf({ route, stage, rate, tally }: StageResult): string {
  const { ok, errors, failed, notSent, latency } = tally;
  const times =
    latency === undefined
      ? 'no good answer'
      : `p50 ${latency.p50.toFixed(1)} ms, p99 ${latency.p99.toFixed(1)} ms`;
  const wrong = errors + failed + notSent;
  return `${titleOf(route, stage, { rate })}: ${ok} good answers, ${wrong} others, ${times}`;
}
