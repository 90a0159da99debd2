import { EventStreamCodec } from '@smithy/core/event-streams';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  invocation as invocationOf,
  invokeComplete,
  payloadChunk,
  startLambdaEndpoint,
} from 'lpr-testkit';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { signedInvoker } from '../../src/index.ts';
import type { FunctionArn, Invocation, SignedInvokerOptions } from '../../src/index.ts';
import { resolveTarget } from '../../src/invoke/signed-invoker-target.ts';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:hello:live' as FunctionArn;
const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text),
);

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

afterEach(() => vi.unstubAllEnvs());

async function endpoint(listener: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => listener(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function invokerOf(options: SignedInvokerOptions) {
  const invoker = signedInvoker({ credentials: CREDENTIALS, ...options });
  onTestFinished(() => invoker.close?.());
  return invoker;
}

function invocation(overrides: Partial<Invocation> = {}): Invocation {
  return invocationOf({ functionArn: ARN, event: {}, ...overrides });
}

async function originOf(region = 'eu-west-1', given?: string): Promise<string> {
  const target = await resolveTarget({ region, endpoint: given, credentials: CREDENTIALS });
  target.close();
  return target.origin + target.basePath;
}

describe('signed invoker', () => {
  it('finds the endpoint where the SDK finds it', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', undefined);
    vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', undefined);
    expect(await originOf()).toBe('https://lambda.eu-west-1.amazonaws.com');
    expect(await originOf('cn-north-1')).toBe('https://lambda.cn-north-1.amazonaws.com.cn');

    vi.stubEnv('AWS_USE_FIPS_ENDPOINT', 'true');
    expect(await originOf('us-east-1')).toBe('https://lambda-fips.us-east-1.amazonaws.com');
    vi.stubEnv('AWS_USE_FIPS_ENDPOINT', undefined);

    const folder = await mkdtemp(join(tmpdir(), 'lpr-aws-'));
    const file = join(folder, 'config');
    await writeFile(file, '[profile bench]\nendpoint_url = http://127.0.0.1:4566/aws\n');
    vi.stubEnv('AWS_CONFIG_FILE', file);
    vi.stubEnv('AWS_PROFILE', 'bench');
    expect(await originOf()).toBe('http://127.0.0.1:4566/aws');

    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
    expect(await originOf()).toBe('http://127.0.0.1:1');
    vi.stubEnv('AWS_ENDPOINT_URL_LAMBDA', 'http://127.0.0.1:2');
    expect(await originOf()).toBe('http://127.0.0.1:2');
    expect(await originOf('eu-west-1', 'http://[::1]:3')).toBe('http://[::1]:3');
  });

  it('takes credentials from the environment, the session token included', async () => {
    let seen: Record<string, unknown> = {};
    const url = await endpoint((request, response) => {
      seen = request.headers;
      response.end('{}');
    });
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDENV');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_SESSION_TOKEN', 'token');
    const invoker = signedInvoker({ endpoint: url });
    onTestFinished(() => invoker.close?.());
    await invoker.invoke(invocation());
    expect(seen['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDENV\/\d{8}\/eu-west-1\/lambda\/aws4_request, /,
    );
    expect(seen).toMatchObject({ 'x-amz-security-token': 'token', 'content-length': '2' });
  });

  it('fetches credentials once, and again before they expire', async () => {
    const keys: unknown[] = [];
    const url = await endpoint((request, response) => {
      keys.push(/Credential=(\w+)/.exec(request.headers.authorization ?? '')?.[1]);
      response.end('{}');
    });
    let fetched = 0;
    // The first are about to expire, the second are good for an hour.
    const credentials = async () => ({
      ...CREDENTIALS,
      accessKeyId: `KEY${(fetched += 1)}`,
      expiration: new Date(Date.now() + (fetched === 1 ? 60_000 : 3_600_000)),
    });
    const invoker = invokerOf({ endpoint: url, credentials });
    for (let call = 0; call < 3; call += 1) await invoker.invoke(invocation());
    expect(fetched).toBe(2);
    expect(keys.at(-1)).toBe('KEY2');
  });

  it('fails the invocation, and only that, when there are no credentials', async () => {
    const url = await endpoint((_request, response) => response.end('{}'));
    let attempts = 0;
    const credentials = async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('No credentials here');
      return CREDENTIALS;
    };
    const invoker = invokerOf({ endpoint: url, credentials });
    await expect(invoker.invoke(invocation())).rejects.toMatchObject({
      name: 'InvokeError',
      code: 'LPR_FUNCTION_UNREACHABLE',
      message: 'Error: No credentials here',
    });
    await expect(invoker.invoke(invocation())).resolves.toMatchObject({ type: 'buffered' });
  });

  it('corrects its clock when the service finds it far off', async () => {
    const serviceNow = Date.UTC(2040, 0, 1);
    const dates: unknown[] = [];
    const url = await endpoint((request, response) => {
      dates.push(request.headers['x-amz-date']);
      response.sendDate = false;
      response.setHeader('date', new Date(serviceNow).toUTCString());
      response.statusCode = dates.length === 1 ? 403 : 200;
      response.end('{}');
    });
    const invoker = invokerOf({ endpoint: url });
    await expect(invoker.invoke(invocation())).rejects.toMatchObject({ unsent: false });
    await invoker.invoke(invocation());
    expect(dates[0]).not.toMatch(/^20400101T/);
    expect(dates[1]).toMatch(/^20400101T/);
  });

  it('tells an exception in the middle of a stream', async () => {
    const url = await endpoint((_request, response) => {
      response.setHeader('content-type', 'application/vnd.amazon.eventstream');
      response.end(
        codec.encode({
          headers: {
            ':message-type': { type: 'string', value: 'exception' },
            ':exception-type': { type: 'string', value: 'ServiceException' },
          },
          body: Buffer.from('{"Message":"boom"}'),
        }),
      );
    });
    const answer = await invokerOf({ endpoint: url }).invoke(invocation({ mode: 'stream' }));
    expect(answer).toMatchObject({
      type: 'stream',
      contentType: 'application/vnd.amazon.eventstream',
    });
    const read = async () => {
      if (answer.type === 'stream') for await (const chunk of answer.chunks) void chunk;
    };
    await expect(read()).rejects.toMatchObject({
      code: 'LPR_FUNCTION_UNREACHABLE',
      message: 'Error: ServiceException: {"Message":"boom"}',
    });
  });

  it('stops reading a stream that nobody takes, and goes on where it stopped', async () => {
    const chunk = Buffer.alloc(262_144, 'x');
    let written = 0;
    const endpoint = await startLambdaEndpoint({
      type: 'stream',
      chunks: Array.from({ length: 64 }, () => chunk),
      before: (index) => void (written = index),
    });
    onTestFinished(() => endpoint[Symbol.asyncDispose]());
    const invoker = invokerOf({ endpoint: endpoint.url });
    const answer = await invoker.invoke(invocation({ mode: 'stream' }));
    if (answer.type !== 'stream') throw new Error('Expected a stream');
    const reader = answer.chunks[Symbol.asyncIterator]();
    await reader.next();
    // Another invocation passes all the way while the first one stands still.
    await new Promise((resolve) => setImmediate(resolve));
    const whole = await invoker.invoke(invocation({ mode: 'buffered' }));
    expect(whole).toMatchObject({ type: 'buffered' });
    expect(written).toBeLessThan(63);
    let bytes = chunk.byteLength;
    for (let next = await reader.next(); !next.done; next = await reader.next()) {
      bytes += next.value.byteLength;
    }
    expect(bytes).toBe(64 * chunk.byteLength);
  });

  it('closes the connection when the reader leaves a stream early', async () => {
    const endpoint = await startLambdaEndpoint({ type: 'stalled', chunks: [Buffer.from('one')] });
    onTestFinished(() => endpoint[Symbol.asyncDispose]());
    const invoker = invokerOf({ endpoint: endpoint.url });
    const answer = await invoker.invoke(invocation({ mode: 'stream' }));
    if (answer.type !== 'stream') throw new Error('Expected a stream');
    for await (const chunk of answer.chunks) {
      expect(Buffer.from(chunk).toString()).toBe('one');
      break;
    }
    await endpoint.callerLeft;
  });

  it('keeps the connection of a function that was done before the invocation was aborted', async () => {
    const sockets: Socket[] = [];
    const url = await endpoint((request, response) => {
      sockets.push(request.socket);
      response.setHeader('content-type', 'application/vnd.amazon.eventstream');
      // The answer stays open, as it may for a moment after its last event.
      response.write(Buffer.concat([payloadChunk('one'), invokeComplete()]));
    });
    const invoker = invokerOf({ endpoint: url });
    for (let call = 0; call < 3; call += 1) {
      const controller = new AbortController();
      const { signal } = controller;
      const answer = await invoker.invoke(invocation({ mode: 'stream', signal }));
      if (answer.type !== 'stream') throw new Error('Expected a stream');
      const reader = answer.chunks[Symbol.asyncIterator]();
      expect((await reader.next()).done).toBe(false);
      expect((await reader.next()).done).toBe(true);
      controller.abort();
    }
    // Two round trips after the first abortion.
    expect(sockets[0]?.destroyed).toBe(false);
    expect(sockets).toHaveLength(3);
  });

  it('gives up what still waits for a connection when it is aborted', async () => {
    const endpoint = await startLambdaEndpoint({ type: 'stalled', chunks: [] });
    onTestFinished(() => endpoint[Symbol.asyncDispose]());
    const invoker = invokerOf({ endpoint: endpoint.url, maxSockets: 1 });
    const first = new AbortController();
    const second = new AbortController();
    const calls = [first, second].map(({ signal }) =>
      expect(invoker.invoke(invocation({ signal }))).rejects.toMatchObject({
        code: 'LPR_FUNCTION_UNREACHABLE',
      }),
    );
    await vi.waitUntil(() => endpoint.received.length === 1);
    second.abort();
    await calls[1];
    first.abort();
    await calls[0];
    expect(endpoint.received).toHaveLength(1);
  });
});
