import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import type { Child } from './child.ts';
import { ownProgram, startChild } from './child.ts';
import { startClosedLoop } from './closed-loop.ts';
import { nameOf } from './measurements.ts';
import type { Measurement, Observation, Result } from './measurements.ts';
import type { BenchOptions } from './options.ts';
import { manifestOf } from './workload.ts';

/** Measures one thing, every process of it fresh. Rejects on the first wrong answer. */
export async function measure(
  measurement: Measurement,
  round: number,
  options: BenchOptions,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'lpr-bench-'));
  const lambda = startChild({ program: ownProgram('lambda'), name: 'lambda' });
  const children = [lambda];
  try {
    const { url: lambdaUrl } = await lambda.message<{ url: string }>('listening');
    const { child, url } = await startMeasured(measurement, lambdaUrl, folder, options);
    children.push(child);
    return await observe(measurement, round, { child, url, lambda }, options);
  } finally {
    // The endpoint last: whoever invokes it to the end would find it gone.
    for (const child of children.toReversed()) await child.stop();
    await rm(folder, { recursive: true });
  }
}

interface Measured {
  readonly child: Child;
  /** Where requests go; empty for a process that loads itself. */
  readonly url: string;
}

export async function startMeasured(
  measurement: Measurement,
  lambdaUrl: string,
  folder: string,
  { cpuProfiles, connections }: BenchOptions,
): Promise<Measured> {
  const name = nameOf(measurement);
  const env = { AWS_ENDPOINT_URL_LAMBDA: lambdaUrl, LPR_LOG_LEVEL: 'warn' };
  if (measurement.type !== 'router') {
    const args = measurement.type === 'invoker' ? [measurement.invoker, measurement.mode] : [];
    const program = ownProgram(measurement.type);
    const child = startChild({ program, args, env, cpuProfiles, name });
    const { url } = await child.message<{ url: string }>('listening');
    return { child, url };
  }
  const port = await freePort();
  const config = join(folder, 'lpr.json');
  await writeFile(config, JSON.stringify(manifestOf({ ...measurement, port, connections })));
  const child = startChild({
    program: ROUTER_PROGRAM,
    args: ['--config', config],
    env: { ...env, ...featureEnvironment(measurement.feature, lambdaUrl) },
    cpuProfiles,
    name,
  });
  const url = `http://127.0.0.1:${port}`;
  await Promise.race([untilReady(`${url}/readyz`), child.died]);
  return { child, url };
}

const ROUTER_PROGRAM = join(
  fileURLToPath(import.meta.resolve('lpr-router/package.json')),
  '..',
  'bin',
  'lpr-router.mjs',
);

function featureEnvironment(
  feature: (Measurement & { type: 'router' })['feature'],
  lambdaUrl: string,
): Record<string, string> {
  switch (feature) {
    case undefined:
      return {};
    case 'access log':
      return { LPR_LOG_LEVEL: 'info' };
    case 'tracing':
      return { OTEL_EXPORTER_OTLP_ENDPOINT: lambdaUrl, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };
    default:
      return feature satisfies never;
  }
}

async function observe(
  measurement: Measurement,
  round: number,
  { child, url, lambda }: Measured & { readonly lambda: Child },
  { connections, rate, warmUpMs, measureMs }: BenchOptions,
): Promise<Result> {
  const name = nameOf(measurement);
  const load = url === '' ? undefined : startClosedLoop(url, connections);
  const wait = (ms: number) =>
    Promise.race([delay(ms), child.died, lambda.died, ...(load ? [load.failed] : [])]);
  const snapshot = async () => {
    const own = await child.usage();
    return { ...own, completed: load?.completed ?? own.invocations, atMs: performance.now() };
  };
  const stretch = async (): Promise<Observation> => {
    const before = await snapshot();
    await wait(measureMs);
    const after = await snapshot();
    const completed = after.completed - before.completed;
    if (completed === 0) throw new Error(`Expected answers of ${name}, got none`);
    return {
      cpuMicrosPerRequest: (after.cpuMicros - before.cpuMicros) / completed,
      requestsPerSecond: completed / ((after.atMs - before.atMs) / 1000),
    };
  };
  try {
    await wait(warmUpMs);
    const flatOut = await stretch();
    load?.slowDownTo(rate);
    if (load) await wait(SLOW_DOWN_MS);
    const sameRate = load && (await stretch());
    const { invocations, items } = await lambda.usage();
    const batchSize = invocations === 0 ? 0 : items / invocations;
    const rssMegabytes = (await child.usage()).rssBytes / 1_048_576;
    return { name, round, flatOut, sameRate, batchSize, rssMegabytes };
  } finally {
    load?.stop();
  }
}

/** Until what was asked flat out has been answered. */
const SLOW_DOWN_MS = 500;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilReady(url: string): Promise<void> {
  for (;;) {
    try {
      // Any answer will do: it listens.
      await (await fetch(url)).arrayBuffer();
      return;
    } catch {
      await delay(20);
    }
  }
}
