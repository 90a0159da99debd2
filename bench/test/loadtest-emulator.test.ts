import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttpSender } from '../src/loadtest/http-sender.ts';
import { monotonicClock } from '../src/loadtest/monotonic-clock.ts';
import { requestTo } from '../src/loadtest/routes.ts';
import { startEmulatorTarget } from '../src/loadtest/targets/emulator-target.ts';
import type { Target } from '../src/loadtest/targets/target.ts';

const DEMO = fileURLToPath(new URL('../src/demo/lpr.yaml', import.meta.url));

const TEMPLATE = `Transform: AWS::Serverless-2016-10-31
Resources:
  Manifest:
    Type: Custom::LprConfigPublisher
    Properties:
      Spec:
        paths:
          /hello:
            get:
              operationId: hello
              x-target-lambda: !GetAtt Hello.Arn
              x-lpr: { maxWaitMs: 0, maxBatchSize: 1, payloadFormat: single }
  Hello:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: ., Handler: app.handler, Runtime: nodejs24.x, MemorySize: 256 }
`;

/** Sends one request to a route; resolves to the status and the function's invocations so far. */
async function ask({ routes, billing }: Target, name: string) {
  await using sender = createHttpSender(monotonicClock, 10_000);
  const route = routes.find((route) => route.name === name)!;
  const request = { headers: {}, body: undefined, parameters: {}, distinct: 1000 };
  const { status, batchSize } = await sender.send(requestTo(route, 0, request));
  const { invocations } = (await billing!()).get(route.functionName!)!;
  return { status, batchSize, invocations };
}

describe('emulator under load', () => {
  it('counts the invocations of each function, and tells the size of batches', async () => {
    await using target = await startEmulatorTarget({ config: DEMO }, undefined);
    expect(target.routes.map(({ name, direct }) => [name, direct])).toEqual([
      ['direct', true],
      ['buffered', false],
      ['dynamic', false],
      ['streaming', false],
    ]);
    for (const invocations of [1, 2]) {
      expect(await ask(target, 'direct')).toEqual({ status: 200, batchSize: 1, invocations });
    }
    expect(await ask(target, 'streaming')).toEqual({ status: 200, batchSize: 1, invocations: 1 });
    const { billedMs } = (await target.billing!()).get('direct')!;
    expect(Number.isInteger(billedMs)).toBe(true);
  });

  it('runs a SAM template with its own routes, and invokes a function without the router', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lpr-loadtest-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const template = join(folder, 'template.yaml');
    await writeFile(template, TEMPLATE);
    await writeFile(
      join(folder, 'app.mjs'),
      `export const handler = async ({ rawPath }) => {
        if (rawPath === '/1') throw new Error('on purpose');
        return { statusCode: 200, body: rawPath };
      };`,
    );
    await using target = await startEmulatorTarget({ template }, 'Hello');
    expect(target.routes).toMatchObject([
      { name: 'direct', direct: true, functionName: 'Hello', memoryMb: 256 },
      { name: 'hello', functionName: 'Hello', memoryMb: 256 },
    ]);
    expect(await ask(target, 'hello')).toMatchObject({ status: 200, invocations: 1 });
    // Straight to the function: `/1` is the path, and its failure is no good answer.
    expect(await ask(target, 'direct')).toEqual({
      status: 502,
      batchSize: undefined,
      invocations: 2,
    });
  });

  it('says which functions there are when it is to invoke another', async () => {
    await expect(startEmulatorTarget({ config: DEMO }, 'nobody')).rejects.toThrow(
      'Expected `--direct` to be one of `direct`, `buffered`, `dynamic`, `streaming`, got `nobody`',
    );
  });

  it('passes on what is wrong with a manifest', async () => {
    await expect(startEmulatorTarget({ config: 'missing.yaml' }, undefined)).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining('missing.yaml') as string,
    });
  });
});
