import {
  bytesOf,
  EVENT_STREAM_CONTENT_TYPE,
  invocation,
  invokeComplete,
  payloadChunk,
} from 'lpr-testkit';
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { FunctionArn, Invocation, InvokeAnswer } from 'lpr-router';
import { sdkInvoker } from 'lpr-router';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:hello:live' as FunctionArn;
const BUFFERED = '*/2015-03-31/functions/:name/invocations';
const STREAMED = '*/2021-11-15/functions/:name/response-streaming-invocations';

const lambda = setupServer();
beforeAll(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  lambda.listen({ onUnhandledFrame: 'error' });
});
afterEach(() => lambda.resetHandlers());
afterAll(() => {
  lambda.close();
  vi.unstubAllEnvs();
});

function invoke(mode: Invocation['mode'], signal = new AbortController().signal) {
  const invoker = sdkInvoker();
  onTestFinished(() => invoker.close?.());
  return invoker.invoke(invocation({ functionArn: ARN, mode, event: { v: 1 }, signal }));
}

function streamOf(...messages: Uint8Array[]) {
  lambda.use(
    http.post(
      STREAMED,
      () =>
        new HttpResponse(Buffer.concat(messages), {
          headers: { 'content-type': EVENT_STREAM_CONTENT_TYPE },
        }),
    ),
  );
}

async function textOf(answer: InvokeAnswer): Promise<string> {
  return (await bytesOf(answer)).toString();
}

describe('sdk invoker', () => {
  it('sends the payload to the function, in the region of its ARN, and brings its answer', async () => {
    let seen: { host: string; path: string; body: string } | undefined;
    lambda.use(
      http.post(BUFFERED, async ({ request }) => {
        const url = new URL(request.url);
        seen = {
          host: url.host,
          path: decodeURIComponent(url.pathname),
          body: await request.text(),
        };
        return HttpResponse.json({ v: 1, responses: [] });
      }),
    );
    const answer = await invoke('buffered');
    expect(answer.type).toBe('buffered');
    expect(await textOf(answer)).toBe('{"v":1,"responses":[]}');
    expect(seen).toEqual({
      host: 'lambda.eu-west-1.amazonaws.com',
      path: `/2015-03-31/functions/${ARN}/invocations`,
      body: '{"v":1}',
    });
  });

  it('brings the chunks of a stream', async () => {
    streamOf(payloadChunk('one '), payloadChunk('two'), invokeComplete());
    const answer = await invoke('stream');
    expect(answer.type).toBe('stream');
    expect(await textOf(answer)).toBe('one two');
  });

  it('fails when a stream completes with an error', async () => {
    const error = { ErrorCode: 'Unhandled', ErrorDetails: 'boom' };
    streamOf(payloadChunk('one'), invokeComplete(error));
    const answer = await invoke('stream');
    await expect(textOf(answer)).rejects.toMatchObject({
      code: 'LPR_FUNCTION_ERROR',
      message: 'Unhandled: boom',
    });
  });

  it('fails with the function, and keeps what it said for the log', async () => {
    lambda.use(
      http.post(BUFFERED, () =>
        HttpResponse.json(
          { errorMessage: 'boom' },
          { headers: { 'X-Amz-Function-Error': 'Unhandled' } },
        ),
      ),
    );
    await expect(invoke('buffered')).rejects.toMatchObject({
      code: 'LPR_FUNCTION_ERROR',
      unsent: false,
      message: 'Unhandled: {"errorMessage":"boom"}',
    });
  });

  it.each(['buffered', 'stream'] as const)(
    'tells a throttle of a %s invocation as unsent, and never replays by itself',
    async (mode) => {
      let calls = 0;
      const throttle = () => {
        calls += 1;
        return HttpResponse.json(
          { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded', Type: 'User' },
          {
            status: 429,
            headers: { 'x-amzn-ErrorType': 'TooManyRequestsException', 'Retry-After': '3' },
          },
        );
      };
      lambda.use(http.post(BUFFERED, throttle), http.post(STREAMED, throttle));
      await expect(invoke(mode)).rejects.toMatchObject({
        code: 'LPR_THROTTLED',
        unsent: true,
        retryAfterSeconds: 3,
      });
      expect(calls).toBe(1);
    },
  );

  it('does not claim that an invocation was unsent when the service failed', async () => {
    lambda.use(http.post(BUFFERED, () => HttpResponse.json({}, { status: 500 })));
    await expect(invoke('buffered')).rejects.toMatchObject({
      code: 'LPR_FUNCTION_UNREACHABLE',
      unsent: false,
    });
  });

  it('knows a refused connection as unsent', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', 'http://127.0.0.1:1');
    onTestFinished(() => vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', undefined) && undefined);
    lambda.close();
    onTestFinished(() => lambda.listen({ onUnhandledFrame: 'error' }));
    await expect(invoke('buffered')).rejects.toMatchObject({
      code: 'LPR_FUNCTION_UNREACHABLE',
      unsent: true,
    });
  });

  it('stops waiting when it is told to', async () => {
    const controller = new AbortController();
    lambda.use(
      http.post(BUFFERED, () => {
        controller.abort();
        return new Promise<never>(() => {});
      }),
    );
    await expect(invoke('buffered', controller.signal)).rejects.toMatchObject({
      code: 'LPR_FUNCTION_UNREACHABLE',
    });
  });
});
