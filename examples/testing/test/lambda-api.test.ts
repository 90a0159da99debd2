import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { batchEvent } from 'lpr-testkit';
import { lambda, throttled } from 'lpr-testkit/msw';
import 'lpr-testkit/vitest';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handler } from '../src/hello.ts';

const server = setupServer(...lambda({ hello: handler, busy: throttled() }));
beforeAll(() => server.listen());
afterAll(() => server.close());

const client = new LambdaClient({
  region: 'eu-west-1',
  maxAttempts: 1,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});
const event = batchEvent(['/hello/ada'], '/hello/{name}');
const invoke = (FunctionName: string) =>
  client.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }));

test('the AWS SDK gets the answer of the handler', async () => {
  const { Payload } = await invoke('hello');
  expect(Payload!.transformToString()).toAnswerEveryItemOnce(event);
});

test('the AWS SDK is throttled', async () => {
  await expect(invoke('busy')).rejects.toMatchObject({ name: 'TooManyRequestsException' });
});
