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
import type { Measurement, Result } from './measurements.ts';
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

async function startMeasured(
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
  { connections, warmUpMs, measureMs }: BenchOptions,
): Promise<Result> {
  const load = url === '' ? undefined : startClosedLoop(url, connections);
  const wait = (ms: number) =>
    Promise.race([delay(ms), child.died, lambda.died, ...(load ? [load.failed] : [])]);
  const snapshot = async () => {
    const [own, answered] = await Promise.all([child.usage(), lambda.usage()]);
    return { own, answered, completed: load?.completed ?? own.invocations, at: performance.now() };
  };
  try {
    await wait(warmUpMs);
    const before = await snapshot();
    await wait(measureMs);
    const after = await snapshot();
    const completed = after.completed - before.completed;
    if (completed === 0) throw new Error(`Expected answers of ${nameOf(measurement)}, got none`);
    const invocations = after.answered.invocations - before.answered.invocations;
    const items = after.answered.items - before.answered.items;
    return {
      name: nameOf(measurement),
      round,
      completed,
      cpuMicrosPerRequest: (after.own.cpuMicros - before.own.cpuMicros) / completed,
      requestsPerSecond: completed / ((after.at - before.at) / 1000),
      batchSize: invocations === 0 ? 0 : items / invocations,
      rssMegabytes: after.own.rssBytes / 1_048_576,
    };
  } finally {
    load?.stop();
  }
}

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
