import { InvokeError } from 'lpr-router';
import type { FunctionArn, Invocation } from 'lpr-router';
import { functionArn, invocation } from 'lpr-testkit';
import { expect, onTestFinished, test } from 'vitest';
import { channels } from '../../src/functions/channels.ts';
import { functionInvoker } from '../../src/functions/invoker.ts';
import { createRegistry } from '../../src/functions/registry.ts';
import { defineFunction, readChunks } from '../support/functions.ts';
import { createProject } from '../support/project.ts';

async function start(code: string) {
  const { directory } = await createProject({ 'app.ts': code });
  const registry = createRegistry([defineFunction(directory, 'app.handler')]);
  onTestFinished(() => registry.close());
  const invoker = functionInvoker(registry);
  return (event: unknown, rest: Partial<Invocation> = {}) =>
    invoker.invoke(invocation({ functionArn: functionArn('hello:live'), event, ...rest }));
}

test('a buffered invocation answers with bytes and is known by its batch', async () => {
  const invoke = await start(
    'export const handler = async (event, c) => [event, c.awsRequestId, c.invokedFunctionArn];',
  );
  const answer = await invoke({ v: 1 });
  expect(answer.type === 'buffered' && JSON.parse(Buffer.from(answer.bytes).toString())).toEqual([
    { v: 1 },
    'b-1',
    'arn:aws:lambda:eu-west-1:123456789012:function:hello:live',
  ]);
});

test('a streamed invocation answers with chunks', async () => {
  const invoke = await start(
    'export const handler = awslambda.streamifyResponse(async (e, s) => { s.write("a"); s.end("b"); });',
  );
  const answer = await invoke({}, { mode: 'stream' });
  expect(answer.type === 'stream' && (await readChunks(answer.chunks))).toEqual(['a', 'b']);
});

test('a function error is an InvokeError, also midway through a stream', async () => {
  const invoke = await start(
    `export const handler = awslambda.streamifyResponse(async (e, s) => {
      if (e.late) s.write('x');
      throw new TypeError('boom');
    });`,
  );
  const error = {
    name: 'InvokeError',
    code: 'LPR_FUNCTION_ERROR',
    message: 'TypeError: boom',
    unsent: false,
    cause: expect.objectContaining({ errorType: 'TypeError' }) as unknown,
  };
  await expect(invoke({}, { mode: 'stream' })).rejects.toMatchObject(error);
  const answer = await invoke({ late: true }, { mode: 'stream' });
  if (answer.type !== 'stream') throw new Error('Expected a stream');
  await expect(readChunks(answer.chunks)).rejects.toMatchObject(error);
});

test('an unknown function was certainly not run', async () => {
  const invoke = await start('export const handler = async () => 1;');
  const functionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:other' as FunctionArn;
  await expect(invoke({}, { functionArn })).rejects.toMatchObject({
    code: 'LPR_FUNCTION_UNREACHABLE',
    unsent: true,
  });
});

test('an invocation nobody waits for any more rejects', async () => {
  const invoke = await start('export const handler = () => new Promise(() => {});');
  const caller = new AbortController();
  const invocation = invoke({}, { signal: caller.signal });
  caller.abort();
  await expect(invocation).rejects.toBeInstanceOf(InvokeError);
});

/** What is warned of during the test. */
function listenForWarnings(): unknown[] {
  const warned: unknown[] = [];
  const onWarned = (message: unknown): void => void warned.push(message);
  channels.invocationWarned.subscribe(onWarned);
  onTestFinished(() => {
    channels.invocationWarned.unsubscribe(onWarned);
  });
  return warned;
}

test('an event above 6 MB is refused as in Lambda, and one close to it is warned of', async () => {
  const warned = listenForWarnings();
  const invoke = await start('export const handler = async (event) => event.length;');
  await expect(invoke('x'.repeat(6_291_455))).rejects.toMatchObject({
    code: 'LPR_PAYLOAD_TOO_LARGE',
    unsent: true,
  });
  expect(warned).toEqual([]);
  await invoke('x'.repeat(5_033_163));
  expect(warned).toEqual([
    {
      functionName: 'hello',
      requestId: 'b-1',
      text: 'The event has 5033165 bytes, 80 % of the 6291456 that Lambda allows',
    },
  ]);
});

test('an answer that is close to what Lambda hands on is warned of', async () => {
  const warned = listenForWarnings();
  const invoke = await start('export const handler = async (event) => "x".repeat(event);');
  await invoke(5_033_242);
  expect(warned).toEqual([]);
  await invoke(5_033_243);
  expect(warned).toEqual([
    {
      functionName: 'hello',
      requestId: 'b-1',
      text: 'The answer has 5033245 bytes, 80 % of the 6291556 that Lambda allows',
    },
  ]);
});
