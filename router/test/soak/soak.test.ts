import parsePrometheusText from 'parse-prometheus-text-format';
import { compileConfig, createRouter, manifestFromObject } from 'lpr-router';
import type { Router, RouterConfig } from 'lpr-router';
import { expect, onTestFinished, test, vi } from 'vitest';
import { lambdaEnvironment } from '../contract/lambda.ts';
import { idle, settledRequests } from '../contract/observe.ts';
import { operation } from '../support/router.ts';
import { startChaosFunction } from './chaos-function.ts';
import { crowd } from './clients.ts';
import { Chance } from './random.ts';
import type { RequestSettled } from '../../src/telemetry/channels.ts';
import { WAIT } from '../contract/raw-client.ts';
import { countResources, grown } from './resources.ts';

const SECONDS = Number(process.env['LPR_SOAK_SECONDS'] || 30);
const SEED = Number(process.env['LPR_SOAK_SEED'] || 20_261_123);
/** Whatever the machine can do. */
const MOST_REQUESTS = 2000 * SECONDS;
const RELOAD_EVERY_MS = 150;

/** The same routes with another window each time; small bounds, so that all of them are met. */
function configs(): RouterConfig[] {
  return [0, 5, 20].map((maxWaitMs) => {
    const rules = { maxWaitMs, maxBatchSize: 8, timeoutMs: 400, retryUnsent: 1 };
    const buffered = operation(rules);
    const streamed = operation({ ...rules, invokeMode: 'response_stream', key: ['query:n'] });
    const shared = operation({ ...rules, invokeMode: 'response_stream' });
    const manifest = {
      ListenAddr: '127.0.0.1:0',
      AdminAddr: '127.0.0.1:0',
      MaxInflightInvocations: 8,
      MaxPendingInvocations: 4,
      MaxInflightRequests: 32,
      MaxQueueDepthPerKey: 8,
      MaxBodyBytes: 100_000,
      MaxRecordBytes: 1_000_000,
      ClientBufferBytes: 200_000,
      StreamIdleTimeoutMs: 300,
      KeepAliveTimeoutMs: 1000,
      Spec: {
        paths: {
          '/buffered': { get: buffered, post: buffered },
          '/streamed': { get: shared, post: streamed },
        },
      },
    };
    return compileConfig(manifestFromObject(manifest));
  });
}

/** Turns the configuration over and over, until it is stopped. */
function reloading(router: Router, choices: readonly RouterConfig[]) {
  let count = 0;
  const timer = setInterval(() => {
    count += 1;
    router.reload(choices[count % choices.length]!);
  }, RELOAD_EVERY_MS);
  return () => {
    clearInterval(timer);
    return count;
  };
}

/** Sums of the series of each metric. */
async function scrape(adminUrl: string): Promise<(name: string) => number> {
  const families = parsePrometheusText(await (await fetch(`${adminUrl}/metrics`)).text());
  return (name) => {
    const metrics = families.find((family) => family.name === name)?.metrics ?? [];
    return metrics.reduce((sum, { value }) => sum + Number(value), 0);
  };
}

const GAUGES = [
  'lpr_queue_depth',
  'lpr_open_batches',
  'lpr_inflight_invocations',
  'lpr_inflight_requests',
];

test(
  `after ${SECONDS} s of everything that can go wrong, all requests were settled once and nothing is left`,
  { timeout: SECONDS * 1000 + 120_000 },
  async () => {
    const before = countResources();
    const lambda = await startChaosFunction(new Chance(SEED));
    for (const [name, value] of Object.entries(lambdaEnvironment(lambda.url)))
      vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    /** What came, by request id. */
    const begun = new Map<string, string>();
    let twice = 0;
    const choices = configs();
    const router = await createRouter({
      config: choices[0]!,
      startTracing: async () => ({
        start({ requestId, method, target }) {
          if (begun.has(requestId)) twice += 1;
          begun.set(requestId, `${method} ${target}`);
          return { inject() {} };
        },
        async close() {},
      }),
    });
    const settled = settledRequests(router);
    const url = await router.listen();
    const stopReloading = reloading(router, choices);
    const until = performance.now() + SECONDS * 1000;
    const chance = new Chance(SEED + 1);
    const outcomes = await crowd({ url, size: 48, chance, until, most: MOST_REQUESTS });
    const reloads = stopReloading();

    await vi.waitFor(() => expect(unsettled(begun, settled)).toEqual([]), WAIT);
    await idle(router);
    expect(outcomes.wrong).toEqual([]);
    expect(twice).toBe(0);
    expect(settled).toHaveLength(begun.size);
    const metric = await scrape(router.adminUrl!);
    expect(GAUGES.map(metric)).toEqual([0, 0, 0, 0]);
    expect(metric('lpr_requests_total')).toBe(begun.size);

    // It was a soak only if all of that happened.
    const happened = {
      reloads,
      answered: outcomes.statuses['200'],
      brokenOff: outcomes.statuses['broken off'],
      timedOut: outcomes.statuses['504'],
      throttled: outcomes.statuses['503'],
      refused: metric('lpr_requests_rejected_total'),
      cancelled: metric('lpr_requests_cancelled_total'),
      malformed: metric('lpr_bad_records_total'),
      retried: metric('lpr_invocation_retries_total'),
      saved: metric('lpr_invocations_saved_total'),
      tooSlow: settled.filter(({ failure }) => failure === 'LPR_CLIENT_TOO_SLOW').length,
    };
    for (const [what, count] of Object.entries(happened)) expect(count, what).toBeGreaterThan(0);

    await router.close();
    await lambda.close();
    expect(await leftAfter(before)).toEqual([]);
  },
);

function unsettled(begun: ReadonlyMap<string, string>, settled: readonly RequestSettled[]) {
  const left = new Map(begun);
  for (const { requestId } of settled) left.delete(requestId);
  return [...left.values()];
}

/** What is left when nothing more goes away. */
async function leftAfter(before: ReturnType<typeof countResources>): Promise<string[]> {
  for (let looks = 0; ; looks += 1) {
    // `settledRequests` is still subscribed.
    const left = grown(before, countResources()).filter((name) => name !== 'lpr:request:settled');
    if (left.length === 0 || looks === 500) return left;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
