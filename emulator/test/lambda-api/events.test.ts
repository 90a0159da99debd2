import { InvokeCommand, LambdaClient, RequestTooLargeException } from '@aws-sdk/client-lambda';
import { VirtualClock } from 'lpr-testkit';
import { expect, onTestFinished, test } from 'vitest';
import { channels } from '../../src/functions/channels.ts';
import type { InvocationWarned } from '../../src/functions/channels.ts';
import type { FunctionDefinition } from '../../src/functions/function-definition.ts';
import { createRegistry } from '../../src/functions/registry.ts';
import type { RegistryOptions } from '../../src/functions/registry.ts';
import { startLambdaApi } from '../../src/lambda-api/server.ts';
import { defineFunction, payloadOf } from '../support/functions.ts';
import { createProject } from '../support/project.ts';

/** Notes the request ids that it meets; `wait` and `fail` do not succeed at once. */
const APP = `export const handler = async (event, context) => {
  globalThis.seen.push(context.awsRequestId);
  if (event.wait) await new Promise((done) => { globalThis.finish = done; });
  if (event.fail) throw new Error('again');
};`;

async function start(rest: Partial<FunctionDefinition> = {}, options: RegistryOptions = {}) {
  const { directory } = await createProject({ 'app.ts': APP });
  const seen: string[] = [];
  Object.assign(globalThis, { seen });
  const registry = createRegistry([defineFunction(directory, 'app.handler', rest)], options);
  const clock = new VirtualClock();
  const api = await startLambdaApi({ registry, host: '127.0.0.1', port: 0, clock });
  const client = new LambdaClient({
    endpoint: api.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  const warnings: string[] = [];
  const onWarned = (message: unknown): void =>
    void warnings.push((message as InvocationWarned).text);
  channels.invocationWarned.subscribe(onWarned);
  onTestFinished(async () => {
    channels.invocationWarned.unsubscribe(onWarned);
    client.destroy();
    await api.close();
    await registry.close();
    Reflect.deleteProperty(globalThis, 'seen');
    Reflect.deleteProperty(globalThis, 'finish');
  });
  const send = async (event: unknown) => {
    const input = { FunctionName: 'hello', Payload: payloadOf(event) };
    const answer = await client.send(new InvokeCommand({ ...input, InvocationType: 'Event' }));
    expect(answer.StatusCode).toBe(202);
    return answer.$metadata.requestId;
  };
  /** Moves to when the waiting event is tried again; resolves to how many seconds it waited. */
  const retry = async () => {
    await expect.poll(() => clock.pendingTimers).toBe(1);
    const waitedMs = (clock.nextDueMs ?? 0) - clock.now();
    clock.advance(waitedMs);
    return waitedMs / 1000;
  };
  return { api, client, clock, seen, warnings, send, retry };
}

function finish(): void {
  (Reflect.get(globalThis, 'finish') as () => void)();
}

test('an event that is throttled is tried again until there is room', async () => {
  const { clock, seen, send, retry, warnings } = await start({ reservedConcurrency: 1 });
  await send({ wait: true });
  await expect.poll(() => seen).toHaveLength(1);
  const id = await send({});
  expect([await retry(), await retry(), await retry()]).toEqual([1, 2, 4]);
  await expect.poll(() => clock.pendingTimers).toBe(1);
  expect(seen).toHaveLength(1);
  finish();
  expect(await retry()).toBe(8);
  await expect.poll(() => seen).toHaveLength(2);
  expect(seen[1]).toBe(id);
  expect(warnings).toEqual([
    'The event is throttled (ReservedFunctionConcurrentInvocationLimitExceeded); it is tried again in 1 s',
  ]);
});

test('an event that is throttled for too long is dropped', async () => {
  const { send, retry, seen, warnings, clock } = await start(
    { eventRetries: { maxAgeMs: 60_000, maxRetries: 2, retryMs: 0 } },
    { accountConcurrency: 1 },
  );
  await send({ wait: true });
  await expect.poll(() => seen).toHaveLength(1);
  await send({});
  for (const seconds of [1, 2, 4, 8, 16]) expect(await retry()).toBe(seconds);
  await expect.poll(() => warnings).toHaveLength(2);
  expect(warnings[1]).toMatch(/^The event is older than 60 s before .* dropped; Lambda would/);
  expect(clock.pendingTimers).toBe(0);
  finish();
});

test('an event that fails is retried after one minute and two more, with the same id, then dropped', async () => {
  const { send, retry, seen, warnings } = await start();
  const id = await send({ fail: true });
  expect([await retry(), await retry()]).toEqual([60, 120]);
  await expect.poll(() => warnings).toHaveLength(3);
  expect(seen).toEqual([id, id, id]);
  expect(warnings).toEqual([
    'The event failed (retry 1 of 2); it is tried again in 60 s',
    'The event failed (retry 2 of 2); it is tried again in 120 s',
    expect.stringMatching(/^The function failed 3 times, so the event is dropped; Lambda would/),
  ]);
});

test.for([
  ['no retries', { eventRetries: { maxAgeMs: 60_000, maxRetries: 0, retryMs: 0 } }, /failed once/],
  ['no concurrency', { reservedConcurrency: 0 }, /`ReservedConcurrency: 0`/],
] as const)('a function with %s has its events dropped at once', async ([, rest, why]) => {
  const { send, warnings, clock } = await start(rest);
  await send({ fail: true });
  await expect.poll(() => warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(why);
  expect(clock.pendingTimers).toBe(0);
});

test('closing waits for the event that runs and drops the one that waits', async () => {
  const { api, send, seen, warnings, clock } = await start({ reservedConcurrency: 1 });
  await send({ wait: true });
  await expect.poll(() => seen).toHaveLength(1);
  await send({});
  await expect.poll(() => clock.pendingTimers).toBe(1);
  let closed = false;
  const closing = api.close().then(() => {
    closed = true;
  });
  await expect.poll(() => warnings.at(-1)).toMatch(/^The emulator stops/);
  expect([closed, clock.pendingTimers]).toEqual([false, 0]);
  finish();
  await closing;
  expect(seen).toHaveLength(1);
});

test('an event of 1 MiB is accepted and one byte more is RequestTooLargeException', async () => {
  const { client, send, seen } = await start();
  await send('x'.repeat(1_048_574));
  await expect.poll(() => seen).toHaveLength(1);
  const Payload = payloadOf('x'.repeat(1_048_575));
  const sent = client.send(
    new InvokeCommand({ FunctionName: 'hello', InvocationType: 'Event', Payload }),
  );
  await expect(sent).rejects.toBeInstanceOf(RequestTooLargeException);
  await expect(sent).rejects.toThrow('Request must be smaller than 1048576 bytes');
  expect(seen).toHaveLength(1);
});
