import { LambdaClient, InvokeCommand } from '@aws-sdk/client-lambda';
import { expect, onTestFinished, test } from 'vitest';
import type { Setting } from '../../src/inspector/messages.ts';
import { listen, manifestOf, route, startInspected } from '../support/inspected.ts';

test('a batch is there with its requests, its wait, its release and where it ran', async () => {
  const { pair, snapshot } = await startInspected();
  await pair();
  await expect
    .poll(async () => (await snapshot()).requests[0]?.totalMs)
    .toEqual(expect.any(Number));
  const { batches, requests, environments, setting } = await snapshot();
  expect(batches).toHaveLength(1);
  const [batch] = batches;
  expect(batch).toMatchObject({
    source: 'router',
    route: '/echo/{name}',
    functionName: 'echo',
    streaming: false,
    size: 2,
    reason: 'full',
    cold: true,
    durationMs: expect.any(Number),
    retries: 0,
    dropped: 0,
  });
  expect(batch?.waitMs).toBeLessThan(1000);
  expect(requests.map(({ id }) => id).toSorted()).toEqual([...batch!.requestIds].toSorted());
  expect(requests[0]).toMatchObject({
    method: 'GET',
    route: '/echo/{name}',
    batchId: batch?.id,
    status: 200,
  });
  expect(requests.map(({ target }) => target).toSorted()).toEqual(['/echo/ada', '/echo/grace']);
  expect(environments.find(({ id }) => id === batch?.environment)).toMatchObject({
    functionName: 'echo',
    invocations: 1,
    running: 0,
  });
  expect(setting.routes.map(({ path }) => path)).toContain('/stream/{name}');
  expect(setting.functions).toMatchObject([
    { name: 'echo', handler: 'echo.handler', runsIn: 'in-process' },
    { name: 'stream' },
  ]);
});

test('the event, the answer, the log and what each client got can be read', async () => {
  const { pair, snapshot, batch, request } = await startInspected();
  await pair();
  const { batches } = await snapshot();
  const detail = await batch(batches[0]);
  expect(JSON.parse(detail.event.text)).toMatchObject({ v: 1, batch: [{}, {}] });
  expect(detail.records).toHaveLength(1);
  expect(JSON.parse(detail.records[0]!.text)).toMatchObject({ responses: [{}, {}] });
  expect(detail.logs).toMatchObject([{ level: 'INFO', text: 'batch of 2' }]);
  const { headers, answer } = await request(batches[0]?.requestIds[0]);
  expect(headers.find(([name]) => name === 'host')?.[1]).toMatch(/^127\.0\.0\.1:\d+$/);
  expect(answer).toMatchObject({ status: 200, writes: 1 });
  expect(answer?.headers).toContainEqual(['content-type', 'text/plain']);
  expect(answer?.body.text).toMatch(/^\/echo\/(ada|grace)$/);
});

test('a stream is kept record by record, with those that were dropped', async () => {
  const { pair, snapshot, batch } = await startInspected();
  await pair('/stream');
  await expect.poll(async () => (await snapshot()).batches[0]?.durationMs).toBeDefined();
  const { batches } = await snapshot();
  expect(batches[0]).toMatchObject({ streaming: true, dropped: 1 });
  const { records, dropped } = await batch(batches[0]);
  const types = records.map(({ text }) => (JSON.parse(text) as { type: string }).type);
  expect(types).toEqual(['head', 'chunk', 'end', 'head', 'chunk', 'end', 'end']);
  expect(dropped).toMatchObject([{ kind: 'unknown_id', requestId: 'nobody' }]);
});

test('a request that meets no route is there without a batch', async () => {
  const { emulator, snapshot } = await startInspected();
  await emulator.fetch('/elsewhere?x=1', { method: 'DELETE' });
  await expect
    .poll(async () => (await snapshot()).requests)
    .toMatchObject([
      { method: 'DELETE', target: '/elsewhere?x=1', status: 404, failure: 'LPR_ROUTE_NOT_FOUND' },
    ]);
});

test('a failed invocation says why, with the trace', async () => {
  const { emulator, snapshot, batch } = await startInspected(
    manifestOf(
      { '/bad': { get: route({ function: 'bad', lpr: { maxBatchSize: 1 } }) } },
      { bad: { Handler: 'missing.handler' } },
    ),
  );
  expect((await emulator.fetch('/bad')).status).toBe(502);
  await expect.poll(async () => (await snapshot()).batches[0]?.failure).toBe('LPR_FUNCTION_ERROR');
  const { batches, setting } = await snapshot();
  expect((await batch(batches[0])).error).toMatchObject({
    errorType: 'Runtime.ImportModuleError',
  });
  expect(setting.functions.find(({ name }) => name === 'bad')?.error).toMatchObject({
    errorType: 'Runtime.ImportModuleError',
  });
});

test('a throttled attempt is there beside the answer of the next one', async () => {
  const { emulator, snapshot } = await startInspected(
    manifestOf(
      { '/rare': { get: route({ function: 'rare', lpr: { maxBatchSize: 1 } }) } },
      { rare: { Handler: 'echo.handler', Faults: { ThrottleRate: 1 } } },
    ),
  );
  await emulator.fetch('/rare');
  await expect
    .poll(async () => (await snapshot()).batches[0])
    .toMatchObject({
      failure: 'LPR_THROTTLED',
      retries: 2,
    });
});

test('a call through the Lambda API is there, with the batch that another router has sent', async () => {
  const { emulator, snapshot, batch } = await startInspected();
  const client = new LambdaClient({
    endpoint: emulator.lambdaUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  onTestFinished(() => client.destroy());
  const item = { requestContext: { requestId: 'r-1' }, rawPath: '/x' };
  const Payload = JSON.stringify({ v: 1, batch: [item, item, item] });
  await client.send(new InvokeCommand({ FunctionName: 'echo', Payload }));
  const { batches } = await snapshot();
  expect(batches).toMatchObject([
    { source: 'lambda-api', functionName: 'echo', size: 3, requestIds: [], cold: true },
  ]);
  expect((await batch(batches[0])).records).toHaveLength(1);
});

test('a page that listens is told what changes, and what is gone', async () => {
  const { emulator, pair } = await startInspected();
  const events = listen(emulator);
  onTestFinished(() => events.close());
  expect((await events.next()).batches).toEqual([]);
  await pair();
  const seen = new Map<string, number | undefined>();
  while ([...seen.values()].every((durationMs) => durationMs === undefined)) {
    for (const { id, durationMs } of (await events.next()).batches) seen.set(id, durationMs);
  }
  expect(seen.size).toBe(1);
  await emulator.reset();
  const [id] = seen.keys();
  let reload: Setting['reload'];
  const gone: unknown[] = [];
  while (!gone.includes(id)) {
    const update = await events.next();
    reload = update.setting?.reload ?? reload;
    gone.push(...update.gone);
  }
  expect(reload).toMatchObject({ ok: true, text: expect.stringContaining('Reloaded everything') });
});
