import { expect, test } from 'vitest';
import { join } from 'node:path';
import { startEmulator } from '../../src/emulator.ts';
import type { Emulator } from '../../src/emulator.ts';
import { createProject } from '../support/project.ts';

const BUFFERED = `export const handler = async (event) => ({
  v: 1,
  responses: event.batch.map(({ requestContext }) => ({ id: requestContext.requestId, statusCode: 200, body: 'ok' })),
});`;
const STREAMING = `export const handler = awslambda.streamifyResponse(async (event, stream) => {
  for (const { requestContext } of event.batch) {
    stream.write(JSON.stringify({ v: 1, id: requestContext.requestId, statusCode: 200, body: 'ok' }) + '\\n');
  }
  stream.end();
});`;

async function start(
  faults: Record<string, number>,
  { streaming = false, seed = 1 } = {},
): Promise<Emulator> {
  const invokeMode = streaming ? 'response_stream' : 'buffered';
  const manifest = {
    Spec: {
      paths: {
        '/x': {
          get: {
            'x-target-lambda': 'arn:aws:lambda:us-east-1:123456789012:function:hello',
            'x-lpr': { maxWaitMs: 0, maxBatchSize: 1, invokeMode, retryUnsent: 0 },
          },
        },
      },
    },
    Emulator: { Seed: seed, Functions: { hello: { Handler: 'app.handler', Faults: faults } } },
  };
  const { directory } = await createProject({
    'lpr.json': JSON.stringify(manifest),
    'app.ts': streaming ? STREAMING : BUFFERED,
  });
  return startEmulator({ config: join(directory, 'lpr.json'), host: '127.0.0.1', port: 0 });
}

async function codes(emulator: Emulator, times = 1): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (let n = 0; n < times; n += 1) {
    const { statusCode, payload } = await emulator.inject('/x');
    seen.push(statusCode === 200 ? payload : (JSON.parse(payload) as { code: string }).code);
  }
  return seen;
}

test.for([
  ['ThrottleRate', false, 'LPR_THROTTLED'],
  ['CrashRate', false, 'LPR_FUNCTION_ERROR'],
  ['MissingRate', false, 'LPR_MISSING_RESPONSE'],
  ['MissingRate', true, 'LPR_MISSING_RESPONSE'],
  ['MalformedRate', false, 'LPR_BAD_RESPONSE'],
  ['MalformedRate', true, 'LPR_BAD_RESPONSE'],
  ['DuplicateRate', false, 'ok'],
  ['DuplicateRate', true, 'ok'],
  ['UnknownRate', false, 'ok'],
  ['UnknownRate', true, 'ok'],
  ['CutRate', true, 'LPR_FUNCTION_ERROR'],
] as const)('%s (streaming: %s) gives %s', async ([name, streaming, code]) => {
  await using emulator = await start({ [name]: 1 }, { streaming });
  expect(await codes(emulator)).toEqual([code]);
});

test('a rate between 0 and 1 strikes the same invocations for the same seed', async () => {
  const runs: unknown[][] = [];
  for (const seed of [1, 1, 2]) {
    await using emulator = await start({ CrashRate: 0.5 }, { seed });
    runs.push(await codes(emulator, 20));
  }
  expect(runs[0]).toEqual(runs[1]);
  expect(runs[0]).not.toEqual(runs[2]);
  expect(new Set(runs[0])).toEqual(new Set(['ok', 'LPR_FUNCTION_ERROR']));
});

test('latency is added to every invocation and cold starts to the first', async () => {
  await using emulator = await start({ LatencyMs: 20, ColdStartMs: 60 });
  await emulator.inject('/x');
  await emulator.inject('/x');
  await expect.poll(() => emulator.batches()).toHaveLength(2);
  const [first = 0, second = 0] = emulator.batches().map(({ durationMs }) => durationMs);
  // Timers may be a millisecond early.
  expect(first).toBeGreaterThanOrEqual(78);
  expect(second).toBeGreaterThanOrEqual(19);
});
