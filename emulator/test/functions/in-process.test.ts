import { expect, onTestFinished, test, vi } from 'vitest';
import { channels } from '../../src/functions/channels.ts';
import type { EnvironmentStarted } from '../../src/functions/channels.ts';
import type { FunctionDefinition } from '../../src/functions/function-definition.ts';
import { InProcessEnvironment } from '../../src/functions/in-process.ts';
import type { FunctionInvocation } from '../../src/functions/invocation.ts';
import { defineFunction, payloadOf, readChunks } from '../support/functions.ts';
import { createProject } from '../support/project.ts';

async function start(code: string, rest: Partial<FunctionDefinition> = {}) {
  const project = await createProject({ 'app.ts': code });
  const environment = new InProcessEnvironment(
    defineFunction(project.directory, 'app.handler', rest),
  );
  onTestFinished(() => environment.close());
  const invoke = (
    event: unknown,
    mode: FunctionInvocation['mode'] = 'buffered',
    more: Partial<FunctionInvocation> = {},
  ) => environment.invoke({ payload: payloadOf(event), mode, ...more });
  return { ...project, environment, invoke };
}

function jsonOf(outcome: Awaited<ReturnType<InProcessEnvironment['invoke']>>): unknown {
  if (outcome.type !== 'buffered')
    throw new Error(`Expected an answer, got ${JSON.stringify(outcome)}`);
  return JSON.parse(new TextDecoder().decode(outcome.bytes));
}

test('the first invocation is cold, later ones are warm and share the module', async () => {
  const { invoke } = await start('let n = 0; export const handler = async () => ++n;');
  const [first, second] = [await invoke({}), await invoke({})];
  expect([first.cold, jsonOf(first), second.cold, jsonOf(second)]).toEqual([true, 1, false, 2]);
});

test('preparing loads the handler, and the first invocation is still cold', async () => {
  const { environment, invoke } = await start('export const handler = async () => null;');
  expect(await environment.prepare()).toMatchObject({ type: 'ready', streaming: false });
  expect((await invoke({})).cold).toBe(true);
});

test('overlapping invocations load the handler once', async () => {
  const { invoke } = await start(
    'globalThis.loads = (globalThis.loads ?? 0) + 1; export const handler = async () => globalThis.loads;',
  );
  onTestFinished(() => void Reflect.deleteProperty(globalThis, 'loads'));
  const outcomes = await Promise.all([invoke({}), invoke({}), invoke({})]);
  expect(outcomes.map(jsonOf)).toEqual([1, 1, 1]);
  expect(outcomes.filter(({ cold }) => cold)).toHaveLength(1);
});

test('the context carries what the invocation says', async () => {
  const { invoke } = await start(
    `export const handler = async (event, context) =>
      ({ ...context, event, inTime: context.getRemainingTimeInMillis() <= 10_000 });`,
  );
  const outcome = await invoke({ a: 1 }, 'buffered', {
    requestId: 'the-id',
    tenantId: 'blue',
    clientContext: { custom: true },
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:hello:live',
  });
  expect(jsonOf(outcome)).toMatchObject({
    awsRequestId: 'the-id',
    tenantId: 'blue',
    clientContext: { custom: true },
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:hello:live',
    functionName: 'hello',
    event: { a: 1 },
    inTime: true,
  });
});

test('an answer of `undefined` is `null`, and no payload is `{}`', async () => {
  const { environment, invoke } = await start(
    'export const handler = async (event) => event.quiet ? undefined : event;',
  );
  expect(jsonOf(await invoke({ quiet: true }))).toBeNull();
  const empty = await environment.invoke({ payload: new Uint8Array(), mode: 'buffered' });
  expect(jsonOf(empty)).toEqual({});
});

test('a handler that throws, at once or later, is an error outcome', async () => {
  const { directory, invoke } = await start(
    `export const handler = (event) => {
      if (event.now) throw new RangeError('now');
      return Promise.reject('later');
    };`,
  );
  expect(await invoke({ now: true })).toMatchObject({
    type: 'error',
    error: {
      errorType: 'RangeError',
      errorMessage: 'now',
      // Nothing of the emulator that called it.
      trace: ['RangeError: now', `    at handler (${directory}/app.ts:2:28)`],
    },
  });
  expect(await invoke({})).toMatchObject({
    error: { errorType: 'string', errorMessage: 'later', trace: [] },
  });
});

test('an answer without JSON or above 6 MB is an error outcome', async () => {
  const { invoke } = await start(
    'export const handler = async (event) => event.big ? "x".repeat(6_291_555) : 1n;',
  );
  expect(await invoke({})).toMatchObject({
    error: {
      errorType: 'Runtime.JSONStringifyError',
      errorMessage: 'Unable to stringify response body',
    },
  });
  expect(await invoke({ big: true })).toMatchObject({
    error: {
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    },
  });
});

test('a handler that runs too long times out, and the next invocation finds a new environment', async () => {
  const { invoke } = await start(
    'let n = 0; export const handler = (event) => event.hang ? new Promise(() => {}) : Promise.resolve(++n);',
    { timeoutSeconds: 0.05 },
  );
  expect(jsonOf(await invoke({}))).toBe(1);
  expect(await invoke({ hang: true }, 'buffered', { requestId: 'r-7' })).toMatchObject({
    cold: false,
    error: {
      errorType: 'Sandbox.Timedout',
      errorMessage: 'RequestId: r-7 Error: Task timed out after 0.05 seconds',
    },
  });
  const next = await invoke({});
  expect([next.cold, jsonOf(next)]).toEqual([true, 1]);
});

test('a module that cannot be loaded is an error outcome until it is mended', async () => {
  const { environment, invoke, write } = await start('export const other = 1;');
  const error = { errorType: 'Runtime.HandlerNotFound' };
  expect(await environment.prepare()).toMatchObject({ type: 'failed', error });
  expect(await invoke({})).toMatchObject({ type: 'error', cold: true, error });
  await write('app.ts', 'export const handler = async () => "mended";');
  expect(jsonOf(await invoke({}))).toBe('mended');
});

test('a buffered handler read as a stream gives one chunk', async () => {
  const { invoke } = await start('export const handler = async () => ({ a: 1 });');
  const outcome = await invoke({}, 'stream');
  expect(outcome.type === 'stream' && (await readChunks(outcome.chunks))).toEqual(['{"a":1}']);
});

const STREAMING = `export const handler = awslambda.streamifyResponse(async (event, stream, context) => {
  stream.setContentType('text/plain');
  if (event.early) throw new Error('early');
  stream.write('one ');
  if (event.late) throw new Error('late');
  if (event.hang) await new Promise(() => {});
  stream.end('two');
});`;

test('a streaming handler is read chunk by chunk, or collected', async () => {
  const { invoke } = await start(STREAMING);
  const streamed = await invoke({}, 'stream');
  if (streamed.type !== 'stream') throw new Error('Expected a stream');
  expect(streamed.contentType).toBe('text/plain');
  expect(await readChunks(streamed.chunks)).toEqual(['one ', 'two']);
  const collected = await invoke({});
  expect(collected.type === 'buffered' && new TextDecoder().decode(collected.bytes)).toBe(
    'one two',
  );
});

test('a stream that fails before its first byte is an error outcome', async () => {
  const { invoke } = await start(STREAMING);
  const early = { type: 'error', error: { errorType: 'Error', errorMessage: 'early' } };
  expect(await invoke({ early: true }, 'stream')).toMatchObject(early);
  expect(await invoke({ early: true })).toMatchObject(early);
});

test('a stream that fails midway throws after its chunks, and is an error when collected', async () => {
  const { invoke } = await start(STREAMING);
  const streamed = await invoke({ late: true }, 'stream');
  if (streamed.type !== 'stream') throw new Error('Expected a stream');
  const seen: string[] = [];
  const reading = (async () => {
    for await (const chunk of streamed.chunks) seen.push(new TextDecoder().decode(chunk));
  })();
  await expect(reading).rejects.toMatchObject({ payload: { errorMessage: 'late' } });
  expect(seen).toEqual(['one ']);
  expect(await invoke({ late: true })).toMatchObject({
    type: 'error',
    error: { errorMessage: 'late' },
  });
});

test('a stream that is never ended times out', async () => {
  const { invoke } = await start(STREAMING, { timeoutSeconds: 0.05 });
  const streamed = await invoke({ hang: true }, 'stream');
  if (streamed.type !== 'stream') throw new Error('Expected a stream');
  await expect(readChunks(streamed.chunks)).rejects.toMatchObject({
    payload: { errorType: 'Sandbox.Timedout' },
  });
});

test('a streaming handler that is no async function is refused', async () => {
  const { invoke } = await start(
    'export const handler = awslambda.streamifyResponse((event, stream) => { stream.end("x"); });',
  );
  expect(await invoke({})).toMatchObject({ type: 'buffered' });
  const { invoke: silent } = await start(
    'export const handler = awslambda.streamifyResponse((event, stream) => undefined);',
  );
  expect(await silent({})).toMatchObject({
    error: { errorMessage: 'Streaming does not support non-async handlers.' },
  });
});

test('a caller that leaves gets the reason of its signal while the handler runs on', async () => {
  const ended = vi.fn<() => void>();
  channels.invocationEnded.subscribe(ended);
  onTestFinished(() => {
    channels.invocationEnded.unsubscribe(ended);
  });
  const { invoke } = await start(
    'export const handler = (event) => new Promise((done) => { globalThis.finish = done; });',
  );
  onTestFinished(() => void Reflect.deleteProperty(globalThis, 'finish'));
  const caller = new AbortController();
  const invocation = invoke({}, 'buffered', { signal: caller.signal });
  await expect.poll(() => Reflect.get(globalThis, 'finish') as unknown).toBeTypeOf('function');
  caller.abort(new Error('gone'));
  await expect(invocation).rejects.toThrow('gone');
  expect(ended).not.toHaveBeenCalled();
  Reflect.get(globalThis, 'finish')();
  await expect.poll(() => ended.mock.calls.length).toBe(1);
  await expect(invoke({}, 'buffered', { signal: caller.signal })).rejects.toThrow('gone');
});

test('a reader that leaves while it waits for a chunk is let go', async () => {
  const { invoke } = await start(STREAMING);
  const caller = new AbortController();
  const streamed = await invoke({ hang: true }, 'stream', { signal: caller.signal });
  if (streamed.type !== 'stream') throw new Error('Expected a stream');
  const reading = readChunks(streamed.chunks);
  caller.abort(new Error('gone'));
  await expect(reading).rejects.toThrow('gone');
});

test('starts and ends are published with the function, temperature and error', async () => {
  const seen: unknown[] = [];
  const record = (message: unknown): void => void seen.push(message);
  for (const channel of Object.values(channels)) {
    channel.subscribe(record);
    onTestFinished(() => {
      channel.unsubscribe(record);
    });
  }
  const { invoke } = await start(
    'export const handler = async (event) => { if (event.bad) throw 1; };',
  );
  await invoke({}, 'buffered', { requestId: 'a' });
  await invoke({ bad: true }, 'buffered', { requestId: 'b' });
  const [milliseconds, functionName] = [expect.any(Number) as number, 'hello'];
  const { environment } = seen[0] as EnvironmentStarted;
  expect(seen).toEqual([
    { functionName, environment, initMs: milliseconds },
    { requestId: 'a', functionName, environment, cold: true, initMs: milliseconds },
    { requestId: 'a', functionName, cold: true, durationMs: milliseconds, error: undefined },
    { requestId: 'b', functionName, environment, cold: false, initMs: undefined },
    {
      requestId: 'b',
      functionName,
      cold: false,
      durationMs: milliseconds,
      error: { errorType: 'number', errorMessage: '1', trace: [] },
    },
  ]);
});
