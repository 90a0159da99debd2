import { InvokeError } from 'lpr-router';
import type { FunctionArn, Invocation } from 'lpr-router';
import { expect, onTestFinished, test } from 'vitest';
import { functionInvoker } from '../../src/functions/invoker.ts';
import { createRegistry } from '../../src/functions/registry.ts';
import { defineFunction, payloadOf, readChunks } from '../support/functions.ts';
import { createProject } from '../support/project.ts';

async function start(code: string) {
  const { directory } = await createProject({ 'app.ts': code });
  const registry = createRegistry([defineFunction(directory, 'app.handler')]);
  onTestFinished(() => registry.close());
  const invoker = functionInvoker(registry);
  return (event: unknown, rest: Partial<Invocation> = {}) =>
    invoker.invoke({
      batchId: 'b-1',
      functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:hello:live' as FunctionArn,
      mode: 'buffered',
      payload: payloadOf(event),
      deadline: Date.now() + 1000,
      signal: new AbortController().signal,
      ...rest,
    });
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
