import {
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  LambdaClient,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda';
import { withBatchAdapter, withBatchAdapterStream } from 'lpr-lambda-adapter';
import { createRouter } from 'lpr-router';
import { batchEvent, readRecords } from 'lpr-testkit';
import { lambda, ok, partial, setupServer } from 'lpr-testkit/msw';
import type { LambdaPreset } from 'lpr-testkit/msw';
import * as presets from 'lpr-testkit/msw';
import 'lpr-testkit/vitest';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';

const hello = async ({ rawPath }: { rawPath: string }) => ({ statusCode: 200, body: rawPath });
const event = batchEvent(['/a', '/b']);
const Payload = JSON.stringify(event);
const INVOKERS = ['sdk', 'signed'];
const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:hello:live';

// Its own sees the SDK too; whether that of msw does is for the conformance suite.
const server = setupServer(
  ...lambda({ hello: withBatchAdapter(hello), stream: withBatchAdapterStream(hello) }),
);
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

function client(): LambdaClient {
  const made = new LambdaClient({
    region: 'eu-west-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  onTestFinished(() => made.destroy());
  return made;
}

async function streamedBy(FunctionName: string) {
  const command = new InvokeWithResponseStreamCommand({ FunctionName, Payload });
  const { EventStream } = await client().send(command);
  const chunks: Uint8Array[] = [];
  let complete;
  for await (const { PayloadChunk, InvokeComplete } of EventStream ?? []) {
    if (PayloadChunk?.Payload) chunks.push(PayloadChunk.Payload);
    complete = InvokeComplete ?? complete;
  }
  return { bytes: Buffer.concat(chunks), chunks, complete };
}

const invoke = (FunctionName: string) =>
  client().send(new InvokeCommand({ FunctionName, Payload }));

/** What a router of these functions answers. */
async function ask(Invoker: string, invokeMode: string, name: string) {
  const paths = ['/a', '/b'];
  process.env['AWS_ACCESS_KEY_ID'] ??= 'a';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'b';
  const arn = `arn:aws:lambda:eu-west-1:123456789012:function:${name}`;
  const lpr = { maxWaitMs: 5, maxBatchSize: paths.length, invokeMode, retryUnsent: 0 };
  const get = { 'x-target-lambda': arn, 'x-lpr': lpr };
  const config = { Invoker, Spec: { paths: { '/{p}': { get } } } };
  await using router = await createRouter({ config });
  const answers = await Promise.allSettled(paths.map((path) => router.inject(path)));
  return answers.map((one) =>
    one.status === 'fulfilled' ? `${one.value.statusCode} ${code(one.value.body)}` : 'broken off',
  );
}

/** What the SDK gives, in a few words: the error's name where it rejects. */
const told = (call: () => Promise<string>) => call().catch((error: Error) => error.name);

function words(bytes: Uint8Array): string {
  const records = readRecords(bytes);
  const bad = records.filter(({ ok: isGood }) => !isGood).length;
  return `${records.length} records${bad > 0 ? `, ${bad} bad` : ''}`;
}

async function buffer(): Promise<string> {
  const { Payload: answer, FunctionError } = await invoke('hello');
  return FunctionError ?? words(answer!);
}

async function stream(): Promise<string> {
  const { bytes, complete } = await streamedBy('hello');
  return `${words(bytes)}, ${complete?.ErrorCode ?? 'whole'}`;
}

function code(body: string): string {
  return body.startsWith('{') ? String((JSON.parse(body) as { code: unknown }).code) : body;
}

describe('Lambda API of msw', () => {
  it('answers the AWS SDK, for a function by its name and by its ARN', async () => {
    for (const name of ['hello', ARN]) {
      const { Payload: answer, StatusCode, FunctionError } = await invoke(name);
      expect([StatusCode, FunctionError]).toEqual([200, undefined]);
      expect(answer!.transformToString()).toAnswerEveryItemOnce(event);
    }
  });

  it('streams to the AWS SDK, a chunk in a frame', async () => {
    const { bytes, chunks, complete } = await streamedBy('stream');
    expect(bytes).toAnswerEveryItemOnce(event);
    expect(chunks).toHaveLength(2);
    expect(complete).toEqual({});
  });

  it('paces a stream', async () => {
    server.use(...lambda({ paced: ok() }, { paceMs: 1 }));
    expect((await streamedBy('paced')).bytes).toAnswerEveryItemOnce(event);
  });

  it('answers asynchronous invocations and dry runs as Lambda does', async () => {
    const run = Promise.withResolvers<unknown>();
    server.use(...lambda({ hello: (seen: unknown) => run.resolve(seen) }));
    const as = async (InvocationType: 'DryRun' | 'Event') => {
      const command = new InvokeCommand({ FunctionName: 'hello', Payload, InvocationType });
      const { StatusCode, Payload: answer } = await client().send(command);
      return [StatusCode, answer?.length];
    };
    expect(await as('DryRun')).toEqual([204, undefined]);
    expect(await as('Event')).toEqual([202, undefined]);
    expect(await run.promise).toEqual(event);
  });

  it('says that there is no such function', async () => {
    await expect(invoke('nobody')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it.each(INVOKERS)('answers a router whose `Invoker` is `%s`', async (invoker) => {
    expect(await ask(invoker, 'buffered', 'hello')).toEqual(['200 /a', '200 /b']);
    expect(await ask(invoker, 'response_stream', 'stream')).toEqual(['200 /a', '200 /b']);
  });
});

describe('a server of the kit', () => {
  it('has handlers, boundaries and events as that of msw', async () => {
    const seen: string[] = [];
    server.events.on('request:match', ({ request }) => void seen.push(new URL(request.url).host));
    await server.boundary(async () => {
      server.use(...lambda({ hello: ok('inside') }));
      expect((await invoke('hello')).Payload!.transformToString()).toContain('inside');
      expect(server.listHandlers()).toHaveLength(4);
    })();
    expect((await invoke('hello')).Payload!.transformToString()).toContain('/a');
    expect(seen).toEqual(Array.from({ length: 2 }, () => 'lambda.eu-west-1.amazonaws.com'));
    server.events.removeAllListeners();
  });

  it('lets a test play a function of its own', async () => {
    const preset: LambdaPreset['preset'] = async ({ functionName, tenantId }) => ({
      type: 'buffered',
      bytes: Buffer.from(JSON.stringify([functionName, tenantId])),
    });
    server.use(...lambda({ hello: { preset } }));
    const command = new InvokeCommand({ FunctionName: ARN, Payload, TenantId: 'blue' });
    const { Payload: answer } = await client().send(command);
    expect(answer!.transformToString()).toBe(JSON.stringify([ARN, 'blue']));
  });
});

describe('presets', () => {
  const { throttled, timeout, functionError, tooLarge, malformedNdjson, cutStream } = presets;

  it('throttle with the reason and the delay that the SDK reads', async () => {
    server.use(...lambda({ hello: throttled({ retryAfterSeconds: 7 }) }));
    const error: unknown = await invoke('hello').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TooManyRequestsException);
    expect(error).toMatchObject({
      retryAfterSeconds: '7',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    });
  });

  it.each([
    ['ok', ok(), ['200 ok', '200 ok'], ['200 ok', '200 ok']],
    ['partial', partial(), ['200 ok', '502 LPR_MISSING_RESPONSE']],
    ['throttled', throttled(), ['503 LPR_THROTTLED', '503 LPR_THROTTLED']],
    ['timeout', timeout(), ['502 LPR_FUNCTION_ERROR', '502 LPR_FUNCTION_ERROR']],
    ['functionError', functionError(), ['502 LPR_FUNCTION_ERROR', '502 LPR_FUNCTION_ERROR']],
    ['tooLarge', tooLarge(), ['502 LPR_PAYLOAD_TOO_LARGE', '502 LPR_PAYLOAD_TOO_LARGE']],
    [
      'malformedNdjson',
      malformedNdjson(),
      ['502 LPR_BAD_RESPONSE', '502 LPR_BAD_RESPONSE'],
      ['502 LPR_MISSING_RESPONSE', '200 ok'],
    ],
    [
      'cutStream',
      cutStream(),
      ['502 LPR_FUNCTION_UNREACHABLE', '502 LPR_FUNCTION_UNREACHABLE'],
      ['200 ok', '502 LPR_FUNCTION_UNREACHABLE'],
    ],
  ])('%s is what a router makes of it', async (_name, preset, buffered, streamed = buffered) => {
    server.use(...lambda({ hello: preset }));
    for (const invoker of INVOKERS) {
      expect(await ask(invoker, 'buffered', 'hello')).toEqual(buffered);
      expect(await ask(invoker, 'response_stream', 'hello')).toEqual(streamed);
    }
  });

  it.each([
    ['ok', ok(), ['2 records', '2 records, whole']],
    ['partial', partial(), ['1 records', '1 records, whole']],
    ['throttled', throttled(), ['TooManyRequestsException']],
    ['timeout', timeout(), ['Unhandled', '0 records, Unhandled']],
    ['functionError', functionError(), ['Unhandled', '0 records, Unhandled']],
    ['tooLarge', tooLarge(), ['RequestTooLargeException']],
    ['malformedNdjson', malformedNdjson(), ['1 records, 1 bad', '2 records, 1 bad, whole']],
    ['cutStream', cutStream(), ['TypeError', 'Error']],
  ])('%s is what the SDK makes of it', async (_name, preset, [buffered, streamed = buffered]) => {
    server.use(...lambda({ hello: preset }));
    expect(await told(() => buffer())).toBe(buffered);
    expect(await told(() => stream())).toBe(streamed);
  });

  it('are told from what makes them', () => {
    const wrong = [
      [throttled, '`throttled`: call it'],
      [{}, 'object'],
      [undefined, 'undefined'],
    ] as const;
    for (const [target, got] of wrong) {
      expect(() => lambda({ busy: target as never })).toThrow(
        `Expected \`busy\` to be a handler or a preset, got ${got}`,
      );
    }
  });

  it('fail as the SDK tells it', async () => {
    server.use(...lambda({ hello: functionError({ errorType: 'TypeError' }), late: timeout() }));
    const { FunctionError, Payload: answer } = await invoke('hello');
    expect(FunctionError).toBe('Unhandled');
    expect(answer!.transformToString()).toBe(
      '{"errorType":"TypeError","errorMessage":"The handler failed"}',
    );
    const { complete } = await streamedBy('late');
    expect(complete).toMatchObject({
      ErrorCode: 'Unhandled',
      ErrorDetails: expect.stringContaining('Task timed out after 3.00 seconds'),
    });
  });
});
