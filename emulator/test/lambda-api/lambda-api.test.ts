import {
  InvalidRequestContentException,
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  LambdaClient,
  RequestTooLargeException,
  ResourceNotFoundException,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda';
import type { InvokeWithResponseStreamCommandOutput } from '@aws-sdk/client-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { createRegistry } from '../../src/functions/registry.ts';
import type { RegistryOptions } from '../../src/functions/registry.ts';
import { startLambdaApi } from '../../src/lambda-api/server.ts';
import { defineFunction, payloadOf } from '../support/functions.ts';
import { createProject } from '../support/project.ts';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:hello';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

async function start(code: string, timeoutSeconds = 10, options: RegistryOptions = {}) {
  const { directory } = await createProject({ 'app.ts': code });
  const registry = createRegistry(
    [defineFunction(directory, 'app.handler', { timeoutSeconds })],
    options,
  );
  const api = await startLambdaApi({ registry, host: '127.0.0.1', port: 0 });
  const client = new LambdaClient({
    endpoint: api.url,
    region: 'eu-west-1',
    credentials,
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    await api.close();
    await registry.close();
  });
  return { client };
}

function textOf(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString();
}

async function readEvents(output: InvokeWithResponseStreamCommandOutput) {
  const chunks: string[] = [];
  let complete: object | undefined;
  for await (const event of output.EventStream ?? []) {
    if (event.PayloadChunk) chunks.push(textOf(event.PayloadChunk.Payload));
    if (event.InvokeComplete) complete = event.InvokeComplete;
  }
  return { chunks, complete };
}

const ECHO =
  'export const handler = async (event, context) => ({ event, arn: context.invokedFunctionArn });';

test('the SDK invokes a function by name', async () => {
  const { client } = await start(ECHO);
  const answer = await client.send(
    new InvokeCommand({ FunctionName: 'hello', Payload: payloadOf({ grüße: 1 }) }),
  );
  expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
  expect(answer.FunctionError).toBeUndefined();
  expect(answer.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(JSON.parse(textOf(answer.Payload))).toEqual({
    event: { grüße: 1 },
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:hello',
  });
});

test.for([
  [ARN, undefined, ARN, '$LATEST'],
  [`${ARN}:live`, undefined, `${ARN}:live`, '$LATEST'],
  [ARN, '7', `${ARN}:7`, '7'],
  [
    '123456789012:function:hello',
    undefined,
    'arn:aws:lambda:us-east-1:123456789012:function:hello',
    '$LATEST',
  ],
] as const)(
  'the SDK invokes %s with qualifier %s',
  async ([FunctionName, Qualifier, arn, version]) => {
    const { client } = await start(ECHO);
    const answer = await client.send(new InvokeCommand({ FunctionName, Qualifier }));
    expect(JSON.parse(textOf(answer.Payload))).toEqual({ event: {}, arn });
    expect(answer.ExecutedVersion).toBe(version);
  },
);

test('the longest name there can be is still a name', async () => {
  const { client } = await start(ECHO);
  const FunctionName = `arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:${'n'.repeat(64)}:${'q'.repeat(128)}`;
  const sent = client.send(new InvokeCommand({ FunctionName }));
  await expect(sent).rejects.toBeInstanceOf(ResourceNotFoundException);
});

test('client context and tenant reach the function', async () => {
  const { client } = await start(
    'export const handler = async (event, context) => [context.clientContext, context.tenantId];',
  );
  const ClientContext = Buffer.from('{"custom":{"a":"b"}}').toString('base64');
  const answer = await client.send(
    new InvokeCommand({ FunctionName: 'hello', ClientContext, TenantId: 'blue' }),
  );
  expect(JSON.parse(textOf(answer.Payload))).toEqual([{ custom: { a: 'b' } }, 'blue']);
  await expect(
    client.send(new InvokeCommand({ FunctionName: 'hello', ClientContext: 'e30x' })),
  ).rejects.toBeInstanceOf(InvalidRequestContentException);
});

test('a function error is a 200 with FunctionError and the error as payload', async () => {
  const { client } = await start(
    'export const handler = async () => { throw new TypeError("boom"); };',
  );
  const answer = await client.send(new InvokeCommand({ FunctionName: 'hello' }));
  expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
  expect(JSON.parse(textOf(answer.Payload))).toMatchObject({
    errorType: 'TypeError',
    errorMessage: 'boom',
    trace: expect.arrayContaining(['TypeError: boom']) as unknown,
  });
});

test('a timeout is a function error with the request id', async () => {
  const { client } = await start('export const handler = () => new Promise(() => {});', 0.05);
  const answer = await client.send(new InvokeCommand({ FunctionName: 'hello' }));
  expect(JSON.parse(textOf(answer.Payload))).toEqual({
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${answer.$metadata.requestId} Error: Task timed out after 0.05 seconds`,
  });
});

test('an Event is accepted before it has run and a DryRun never runs', async () => {
  const { client } = await start(
    'export const handler = async () => { globalThis.ran = (globalThis.ran ?? 0) + 1; };',
  );
  onTestFinished(() => void Reflect.deleteProperty(globalThis, 'ran'));
  const invoke = (InvocationType: 'DryRun' | 'Event') =>
    client.send(new InvokeCommand({ FunctionName: 'hello', InvocationType }));
  expect((await invoke('DryRun')).StatusCode).toBe(204);
  expect((await invoke('Event')).StatusCode).toBe(202);
  await expect.poll(() => Reflect.get(globalThis, 'ran') as unknown).toBe(1);
});

test('an unknown function is ResourceNotFoundException', async () => {
  const { client } = await start(ECHO);
  const sent = client.send(new InvokeCommand({ FunctionName: 'nobody' }));
  await expect(sent).rejects.toBeInstanceOf(ResourceNotFoundException);
  await expect(sent).rejects.toMatchObject({
    Type: 'User',
    message:
      'Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody (this emulator has hello)',
    $metadata: { httpStatusCode: 404 },
  });
});

test.for([
  [
    '{not json',
    "Could not parse request body into json: Expected property name or '}' in JSON at position 1",
  ],
  ['"\u00ff', 'Could not parse request body into json: '],
] as const)(
  'a payload that is not JSON is InvalidRequestContentException: %s',
  async ([text, message]) => {
    const { client } = await start(ECHO);
    const input = { FunctionName: 'hello', Payload: Buffer.from(text, 'latin1') };
    for (const send of [
      () => client.send(new InvokeCommand(input)),
      () => client.send(new InvokeWithResponseStreamCommand(input)),
    ]) {
      const sent = send();
      await expect(sent).rejects.toBeInstanceOf(InvalidRequestContentException);
      await expect(sent).rejects.toThrow(message);
    }
  },
);

test('a payload of 6 MiB is accepted and one byte more is RequestTooLargeException', async () => {
  const { client } = await start('export const handler = async (event) => event.length;');
  const invoke = (length: number) =>
    client.send(
      new InvokeCommand({ FunctionName: 'hello', Payload: payloadOf('x'.repeat(length - 2)) }),
    );
  expect(textOf((await invoke(6_291_456)).Payload)).toBe('6291454');
  const sent = invoke(6_291_457);
  await expect(sent).rejects.toBeInstanceOf(RequestTooLargeException);
  await expect(sent).rejects.toThrow(
    'Request must be smaller than 6291456 bytes for the InvokeFunction operation',
  );
});

const STREAM = `export const handler = awslambda.streamifyResponse(async (event, stream) => {
  if (event.early) throw new Error('early');
  stream.write('one');
  if (event.wait) await new Promise((go) => { globalThis.go = go; });
  if (event.late) throw new RangeError('late');
  stream.end('two');
});`;

test('the SDK reads a stream chunk by chunk, while the function still runs', async () => {
  const { client } = await start(STREAM);
  onTestFinished(() => void Reflect.deleteProperty(globalThis, 'go'));
  const output = await client.send(
    new InvokeWithResponseStreamCommand({ FunctionName: ARN, Payload: payloadOf({ wait: true }) }),
  );
  expect(output.ExecutedVersion).toBe('$LATEST');
  const events = output.EventStream?.[Symbol.asyncIterator]();
  const first = await events?.next();
  expect(textOf(first?.value?.PayloadChunk?.Payload)).toBe('one');
  Reflect.get(globalThis, 'go')();
  const second = await events?.next();
  expect(textOf(second?.value?.PayloadChunk?.Payload)).toBe('two');
  expect((await events?.next())?.value).toEqual({ InvokeComplete: {} });
});

test.for([
  [{ early: true }, [], { errorType: 'Error', errorMessage: 'early' }],
  [{ late: true }, ['one'], { errorType: 'RangeError', errorMessage: 'late' }],
] as const)('a stream that fails (%o) ends with the error', async ([event, seen, error]) => {
  const { client } = await start(STREAM);
  const output = await client.send(
    new InvokeWithResponseStreamCommand({ FunctionName: 'hello', Payload: payloadOf(event) }),
  );
  const { chunks, complete } = await readEvents(output);
  expect(chunks).toEqual(seen);
  expect(complete).toMatchObject({ ErrorCode: 'Unhandled' });
  expect(JSON.parse(String(Reflect.get(complete ?? {}, 'ErrorDetails')))).toMatchObject(error);
});

test('a buffered function streams one chunk, and a streaming one can be read whole', async () => {
  const { client } = await start('export const handler = async () => ({ a: 1 });');
  const output = await client.send(new InvokeWithResponseStreamCommand({ FunctionName: 'hello' }));
  expect(await readEvents(output)).toEqual({ chunks: ['{"a":1}'], complete: {} });
  const { client: other } = await start(STREAM);
  const answer = await other.send(new InvokeCommand({ FunctionName: 'hello' }));
  expect(textOf(answer.Payload)).toBe('onetwo');
});

test('a client that leaves a stream does not stop the function', async () => {
  const { client } = await start(
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
      for (let i = 0; i < 200; i++) {
        if (!stream.write('x'.repeat(65_536))) await new Promise((go) => stream.once('drain', go));
      }
      stream.end();
      globalThis.wroteAll = true;
    });`,
  );
  onTestFinished(() => void Reflect.deleteProperty(globalThis, 'wroteAll'));
  const caller = new AbortController();
  const output = await client.send(new InvokeWithResponseStreamCommand({ FunctionName: 'hello' }), {
    abortSignal: caller.signal,
  });
  const events = output.EventStream?.[Symbol.asyncIterator]();
  await events?.next();
  expect(Reflect.get(globalThis, 'wroteAll')).toBeUndefined();
  client.destroy();
  await events?.return?.();
  await expect.poll(() => Reflect.get(globalThis, 'wroteAll') as unknown).toBe(true);
});

test.for(['in-process', 'worker'] as const)(
  'the tail of the log goes with an answer (%s)',
  async (isolation) => {
    const { directory } = await createProject({
      'app.ts': `export const handler = async (event) => { console.warn('careful', event); return 1; };
      export const stream = awslambda.streamifyResponse(async (event, stream) => { console.log('streaming'); stream.end('x'); });`,
    });
    const registry = createRegistry([
      defineFunction(directory, 'app.handler', { isolation }),
      defineFunction(directory, 'app.stream', { isolation, name: 'stream' }),
    ]);
    const api = await startLambdaApi({ registry, host: '127.0.0.1', port: 0 });
    const client = new LambdaClient({ endpoint: api.url, region: 'eu-west-1', credentials });
    onTestFinished(async () => {
      client.destroy();
      await api.close();
      await registry.close();
    });
    const buffered = await client.send(
      new InvokeCommand({ FunctionName: 'hello', LogType: 'Tail', Payload: payloadOf({ a: 1 }) }),
    );
    const id = buffered.$metadata.requestId ?? '';
    const lines = Buffer.from(buffered.LogResult ?? '', 'base64')
      .toString()
      .split('\n');
    expect(lines).toEqual([
      `START RequestId: ${id} Version: $LATEST`,
      expect.stringMatching(new RegExp(`^\\S+Z\t${id}\tWARN\tcareful \\{ a: 1 \\}$`)),
      `END RequestId: ${id}`,
      expect.stringMatching(
        /^REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tInit Duration: [\d.]+ ms\t$/,
      ),
      '',
    ]);
    const output = await client.send(
      new InvokeWithResponseStreamCommand({ FunctionName: 'stream', LogType: 'Tail' }),
    );
    const { complete } = await readEvents(output);
    const { LogResult = '' } = complete as { LogResult?: string };
    expect(Buffer.from(LogResult, 'base64').toString()).toContain('INFO\tstreaming');
  },
);

test('a throttled invocation is TooManyRequestsException with its reason', async () => {
  const { client } = await start(
    'export const handler = () => new Promise((done) => setTimeout(done, 50));',
    10,
    { accountConcurrency: 1 },
  );
  const command = () => client.send(new InvokeCommand({ FunctionName: 'hello' }));
  const [first, second] = await Promise.allSettled([command(), command()]);
  expect(first.status).toBe('fulfilled');
  const error: unknown = second.status === 'rejected' ? second.reason : undefined;
  expect(error).toBeInstanceOf(TooManyRequestsException);
  expect(error).toMatchObject({
    Reason: 'ConcurrentInvocationLimitExceeded',
    retryAfterSeconds: '1',
    $metadata: { httpStatusCode: 429 },
  });
});
