import { expect, onTestFinished, test, vi } from 'vitest';
import { channels } from '../../src/functions/channels.ts';
import type { FunctionDefinition } from '../../src/functions/function-definition.ts';
import { printOutput } from '../../src/functions/function-output.ts';
import type { FunctionInvocation, FunctionOutcome } from '../../src/functions/invocation.ts';
import { WorkerPool } from '../../src/functions/worker-pool.ts';
import { defineFunction, payloadOf, readChunks } from '../support/functions.ts';
import { createProject } from '../support/project.ts';

async function start(
  code: string,
  rest: Partial<FunctionDefinition> = {},
  options: { idleMs?: number; variables?: NodeJS.ProcessEnv } = {},
) {
  const project = await createProject({ 'app.ts': code });
  const definition = defineFunction(project.directory, 'app.handler', {
    isolation: 'worker',
    ...rest,
  });
  const pool = new WorkerPool({ definition, variables: {}, ...options });
  onTestFinished(() => pool.close());
  const invoke = (
    event: unknown,
    mode: FunctionInvocation['mode'] = 'buffered',
    more: Partial<FunctionInvocation> = {},
  ) => pool.invoke({ payload: payloadOf(event), mode, ...more });
  return { ...project, pool, invoke };
}

function jsonOf(outcome: FunctionOutcome): unknown {
  if (outcome.type !== 'buffered')
    throw new Error(`Expected an answer, got ${JSON.stringify(outcome)}`);
  return JSON.parse(new TextDecoder().decode(outcome.bytes));
}

test('an environment is initialised once, has its own globals and variables, and a complete context', async () => {
  const { invoke } = await start(
    `let n = 0; globalThis.mine = (globalThis.mine ?? 0) + 1;
     export const handler = async (event, context) => [++n, globalThis.mine, process.env.TABLE, context];`,
    {},
    { variables: { TABLE: 'items' } },
  );
  const first = await invoke({}, 'buffered', { requestId: 'r-1', tenantId: 'blue' });
  expect([first.cold, jsonOf(first)]).toEqual([
    true,
    [
      1,
      1,
      'items',
      expect.objectContaining({
        awsRequestId: 'r-1',
        tenantId: 'blue',
        functionName: 'hello',
        memoryLimitInMB: '128',
      }),
    ],
  ]);
  const second = await invoke({});
  expect([second.cold, (jsonOf(second) as unknown[])[0]]).toEqual([false, 2]);
  expect(Reflect.get(globalThis, 'mine')).toBeUndefined();
});

test('another environment starts while all are busy, and none takes two invocations', async () => {
  const { pool, invoke } = await start(
    `let running = 0;
     export const handler = async () => {
       running += 1;
       const seen = running;
       await new Promise((done) => setTimeout(done, 20));
       running -= 1;
       return seen;
     };`,
  );
  const outcomes = await Promise.all([invoke({}), invoke({}), invoke({})]);
  expect(outcomes.map(jsonOf)).toEqual([1, 1, 1]);
  expect(outcomes.every(({ cold }) => cold)).toBe(true);
  expect(pool.size).toBe(3);
  expect((await invoke({})).cold).toBe(false);
});

test('an environment that is idle for long ends', async () => {
  const { pool, invoke } = await start('export const handler = async () => 1;', {}, { idleMs: 1 });
  await invoke({});
  await expect.poll(() => pool.size).toBe(0);
  expect((await invoke({})).cold).toBe(true);
});

test('an endless loop times out, and the next invocation gets a new environment', async () => {
  const { invoke } = await start(
    'export const handler = async (event) => { while (event.loop); return "ok"; };',
    { timeoutSeconds: 0.2 },
  );
  expect(await invoke({ loop: true }, 'buffered', { requestId: 'r-7' })).toMatchObject({
    type: 'error',
    error: {
      errorType: 'Sandbox.Timedout',
      errorMessage: 'RequestId: r-7 Error: Task timed out after 0.20 seconds',
    },
  });
  const next = await invoke({});
  expect([next.cold, jsonOf(next)]).toEqual([true, 'ok']);
});

test.for([
  [
    'memory',
    'const all = []; for (;;) all.push(new Array(100_000).fill(Math.random()));',
    'Runtime.OutOfMemory',
    'RequestId: r Error: Runtime exited with error: signal: killed',
  ],
  [
    'memory of Buffers',
    `const all = [];
     for (const endsAt = Date.now() + 10_000; Date.now() < endsAt && all.length < 60;) {
       all.push(Buffer.alloc(5_000_000, 1));
       for (const next = Date.now() + 30; Date.now() < next;);
     }`,
    'Runtime.OutOfMemory',
    'RequestId: r Error: Runtime exited with error: signal: killed',
  ],
  [
    'process.exit',
    'process.exit(3);',
    'Runtime.ExitError',
    'RequestId: r Error: Runtime exited with error: exit status 3',
  ],
  [
    'a throw in a timer',
    'setTimeout(() => { throw new RangeError("late"); }); await new Promise(() => {});',
    'RangeError',
    'late',
  ],
  [
    'an unhandled rejection',
    'void Promise.reject(new Error("nobody")); await new Promise(() => {});',
    'Runtime.UnhandledPromiseRejection',
    'Error: nobody',
  ],
] as const)(
  '%s ends the environment with the error of Lambda',
  async ([, code, errorType, errorMessage]) => {
    const { invoke } = await start(
      `export const handler = async (event) => { if (event.bad) { ${code} } return "ok"; };`,
    );
    expect(await invoke({ bad: true }, 'buffered', { requestId: 'r' })).toMatchObject({
      error: { errorType, errorMessage },
    });
    expect(jsonOf(await invoke({}))).toBe('ok');
  },
);

test('Buffers that are garbage do not end the environment', async () => {
  const { invoke } = await start(
    `export const handler = async () => {
      let sum = 0;
      for (let n = 0; n < 100; n += 1) {
        sum += Buffer.alloc(5_000_000, 1)[n];
        await new Promise((done) => setTimeout(done, 5));
      }
      return sum;
    };`,
  );
  expect(jsonOf(await invoke({}))).toBe(100);
});

test('a throw after the answer is told with the invocation that caused it', async () => {
  const late = vi.fn<(message: unknown) => void>();
  channels.lateFailure.subscribe(late);
  onTestFinished(() => {
    channels.lateFailure.unsubscribe(late);
  });
  const { invoke } = await start(
    'export const handler = async () => { setTimeout(() => { throw new Error("late"); }, 5); return 1; };',
  );
  expect(jsonOf(await invoke({}, 'buffered', { requestId: 'r-9' }))).toBe(1);
  await expect
    .poll(() => late.mock.calls[0]?.[0])
    .toMatchObject({
      functionName: 'hello',
      requestId: 'r-9',
      error: { errorType: 'Error', errorMessage: 'late' },
    });
});

test('errors name the lines of the source', async () => {
  const { directory, invoke } = await start(
    'interface A { b: string }\nexport const handler = async (event: A) => { throw new Error("x"); };',
  );
  const outcome = await invoke({});
  const { trace = [] } = outcome.type === 'error' ? outcome.error : {};
  expect(trace[1]).toContain(`${directory}/app.ts:2:`);
  expect(trace.filter((line) => line.includes('/emulator/'))).toEqual([]);
});

test('a stream is read chunk by chunk, and the handler waits for its reader', async () => {
  const { invoke } = await start(
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
       stream.setContentType('text/plain');
       for (let n = 0; n < 50; n += 1) {
         console.log('wrote ' + n);
         if (!stream.write('x'.repeat(16384))) await new Promise((done) => stream.once('drain', done));
       }
       stream.end();
     });`,
  );
  const written: string[] = [];
  onTestFinished(printOutput(({ text }) => written.push(text)));
  const outcome = await invoke({}, 'stream');
  if (outcome.type !== 'stream') throw new Error('Expected a stream');
  expect(outcome.contentType).toBe('text/plain');
  const reader = outcome.chunks[Symbol.asyncIterator]();
  await reader.next();
  expect(written.length).toBeLessThan(10);
  let bytes = 16_384;
  for (let chunk = await reader.next(); !chunk.done; chunk = await reader.next())
    bytes += chunk.value.byteLength;
  expect([bytes, written.length]).toEqual([50 * 16_384, 50]);
});

test('a stream whose environment dies fails where it is read', async () => {
  const { invoke } = await start(
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
       stream.write('one');
       setTimeout(() => process.exit(1), 20);
       await new Promise(() => {});
     });`,
  );
  const outcome = await invoke({}, 'stream');
  if (outcome.type !== 'stream') throw new Error('Expected a stream');
  await expect(readChunks(outcome.chunks)).rejects.toMatchObject({
    payload: { errorType: 'Runtime.ExitError' },
  });
});

test('a reader that leaves lets the environment go on and be used again', async () => {
  const { pool, invoke } = await start(
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
       for (let n = 0; n < 20; n += 1) {
         if (!stream.write('x'.repeat(16384))) await new Promise((done) => stream.once('drain', done));
       }
       stream.end();
     });`,
  );
  const outcome = await invoke({}, 'stream');
  if (outcome.type !== 'stream') throw new Error('Expected a stream');
  for await (const chunk of outcome.chunks) if (chunk.byteLength > 0) break;
  await expect.poll(async () => (await invoke({}, 'stream')).cold).toBe(false);
  expect(pool.size).toBeLessThan(4);
});

test('a module that cannot be loaded is an error outcome until it is mended', async () => {
  const { pool, invoke, write } = await start('export const other = 1;');
  const error = { errorType: 'Runtime.HandlerNotFound' };
  expect(await pool.prepare()).toMatchObject({ type: 'failed', error });
  expect(await invoke({})).toMatchObject({ type: 'error', cold: true, error });
  expect(pool.size).toBe(0);
  await write('app.ts', 'export const handler = async () => "mended";');
  expect(jsonOf(await invoke({}))).toBe('mended');
});
