import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { batchEvent } from 'lpr-testkit';
import { createRouter } from 'lpr-router';
import { lambda, setupServer, throttled } from 'lpr-testkit/msw';
import 'lpr-testkit/vitest';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { handler } from '../src/hello.ts';

const server = setupServer(...lambda({ hello: handler, busy: throttled() }));
beforeAll(() => server.listen());
afterAll(() => server.close());

const client = new LambdaClient({
  region: 'eu-west-1',
  maxAttempts: 1,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});
const operation = {
  'x-target-lambda': 'arn:aws:lambda:eu-west-1:123456789012:function:hello',
  'x-lpr': { maxWaitMs: 5, maxBatchSize: 8 },
};
const config = { Spec: { paths: { '/hello/{name}': { get: operation } } } };

const event = batchEvent(['/hello/ada'], '/hello/{name}');
const invoke = (FunctionName: string) =>
  client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));

test('the AWS SDK gets the answer of the handler', async () => {
  const { Payload } = await invoke('hello');
  expect(Payload!.transformToString()).toAnswerEveryItemOnce(event);
});

test('a router gets its batches answered', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  await using router = await createRouter({ config });

  expect((await router.inject('/hello/ada')).json()).toEqual({ hello: 'ada' });
});

test('the AWS SDK is throttled', async () => {
  await expect(invoke('busy')).rejects.toMatchObject({ name: 'TooManyRequestsException' });
});
