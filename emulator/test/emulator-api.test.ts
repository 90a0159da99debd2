import { LambdaClient, InvokeCommand } from '@aws-sdk/client-lambda';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startEmulator } from '../src/emulator.ts';
import { createProject } from './support/project.ts';

const APP = `
  let calls = 0;
  export const handler = async (event) => {
    calls += 1;
    console.log('call', calls);
    return { v: 1, responses: event.batch.map(({ requestContext }) => ({
      id: requestContext.requestId, statusCode: 200, body: String(calls),
    })) };
  };`;

async function start() {
  const { directory } = await createProject({ 'app.ts': APP });
  const handler = join(directory, 'app.ts');
  return startEmulator({ handler, host: '127.0.0.1', port: 0 });
}

test('batches, invocations and logs tell what a request has set in motion', async () => {
  await using emulator = await start();
  expect(await (await emulator.fetch('/a?b=c', { method: 'POST', body: 'x' })).text()).toBe('1');
  expect((await emulator.inject('/b')).payload).toBe('2');
  await expect.poll(() => emulator.batches()).toHaveLength(2);
  const [first, second] = emulator.batches();
  expect(first).toMatchObject({
    route: '/{proxy+}',
    functionName: 'handler',
    size: 1,
    cold: true,
    failure: undefined,
    event: { v: 1, batch: [{ rawPath: '/a', rawQueryString: 'b=c', body: 'x' }] },
  });
  expect(first?.requestIds).toHaveLength(1);
  expect(second).toMatchObject({ cold: false });
  expect(emulator.invocations()).toMatchObject([
    { requestId: first?.batchId, functionName: 'handler', cold: true, error: undefined },
    { requestId: second?.batchId, cold: false },
  ]);
  expect(emulator.logs()).toMatchObject([
    { requestId: first?.batchId, level: 'INFO', text: 'call 1' },
    { text: 'call 2' },
  ]);
});

test('invocations of the Lambda API count, too', async () => {
  await using emulator = await start();
  const client = new LambdaClient({
    endpoint: emulator.lambdaUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  onTestFinished(() => client.destroy());
  await client.send(new InvokeCommand({ FunctionName: 'handler', Payload: '{"batch":[]}' }));
  expect(emulator.invocations()).toHaveLength(1);
  expect(emulator.batches()).toEqual([]);
});

test('a reset is as good as a new start', async () => {
  await using emulator = await start();
  await emulator.inject('/a');
  await emulator.inject('/a');
  await emulator.reset();
  expect([emulator.batches(), emulator.invocations(), emulator.logs()]).toEqual([[], [], []]);
  expect((await emulator.inject('/a')).payload).toBe('1');
  expect(emulator.invocations()).toMatchObject([{ cold: true }]);
});

test('a handler that knows nothing of batches works behind a `single` route', async () => {
  const { directory, write } = await createProject({
    'app.ts': 'export const handler = async ({ rawPath }) => ({ seen: rawPath });',
    'stream.ts': `export const handler = awslambda.streamifyResponse(async (event, stream) => {
      const http = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { 'x-a': 'b' } });
      http.write('one ');
      http.end('two');
    });`,
  });
  const route = (name: string, invokeMode: string) => ({
    get: {
      'x-target-lambda': `arn:aws:lambda:us-east-1:123456789012:function:${name}`,
      'x-lpr': { maxWaitMs: 0, maxBatchSize: 1, payloadFormat: 'single', invokeMode },
    },
  });
  const config = {
    Spec: { paths: { '/a': route('a', 'buffered'), '/b': route('b', 'response_stream') } },
    Emulator: { Functions: { a: { Handler: 'app.handler' }, b: { Handler: 'stream.handler' } } },
  };
  await write('lpr.json', JSON.stringify(config));
  await using emulator = await startEmulator({
    config: join(directory, 'lpr.json'),
    host: '127.0.0.1',
    port: 0,
  });
  expect(await (await emulator.fetch('/a')).json()).toEqual({ seen: '/a' });
  const streamed = await emulator.fetch('/b');
  expect([streamed.status, streamed.headers.get('x-a'), await streamed.text()]).toEqual([
    201,
    'b',
    'one two',
  ]);
});
