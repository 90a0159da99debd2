import { request } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RuntimeApi } from '../../src/runtime-api/server.ts';

const INVOCATION = {
  requestId: 'id-1',
  payload: Buffer.from('{"a":1}'),
  mode: 'buffered' as const,
  deadline: 1_800_000_000_000,
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:app',
};

async function startApi(extensions = 0) {
  const api = await RuntimeApi.start(extensions);
  onTestFinished(() => api.close());
  const url = (path: string) => `http://${api.address}${path}`;
  return {
    api,
    next: () => fetch(url('/2018-06-01/runtime/invocation/next')),
    post: (path: string, body: string | Uint8Array<ArrayBuffer> = '', headers = {}) =>
      fetch(url(`/2018-06-01/runtime/${path}`), { method: 'POST', body, headers }),
    url,
  };
}

describe('the Runtime API', () => {
  it('hands out an invocation with what runtimes read, and takes its answer', async () => {
    const { api, next, post } = await startApi();
    const polled = next();
    await api.ready;
    const exchange = api.invoke({ ...INVOCATION, clientContext: { x: 1 }, tenantId: 't' });
    const event = await polled;
    expect(Object.fromEntries(event.headers)).toMatchObject({
      'lambda-runtime-aws-request-id': 'id-1',
      'lambda-runtime-deadline-ms': '1800000000000',
      'lambda-runtime-invoked-function-arn': INVOCATION.invokedFunctionArn,
      'lambda-runtime-client-context': '{"x":1}',
      'lambda-runtime-aws-tenant-id': 't',
    });
    expect(event.headers.has('lambda-runtime-function-response-mode')).toBe(false);
    expect(await event.text()).toBe('{"a":1}');
    expect((await post('invocation/id-1/response', '"b"')).status).toBe(202);
    expect(await exchange.answer).toEqual({ type: 'buffered', bytes: Buffer.from('"b"') });
    await exchange.finished;
  });

  it('refuses what is out of order, for another invocation or too large', async () => {
    const { api, next, post } = await startApi();
    const exchange = api.invoke(INVOCATION);
    await next();
    expect((await next()).status).toBe(403);
    expect((await post('invocation/id-2/response')).status).toBe(400);
    const stale = { 'Lambda-Runtime-Invocation-Id': 'other' };
    expect((await post('invocation/id-1/response', '1', stale)).status).toBe(410);
    expect((await post('invocation/id-1/response', new Uint8Array(7_000_000))).status).toBe(413);
    await expect(exchange.answer).rejects.toMatchObject({
      payload: { errorType: 'Function.ResponseSizeTooLarge' },
    });
    expect((await post('invocation/id-1/response')).status).toBe(400);
    expect((await post('other')).status).toBe(404);
  });

  it('passes errors on, of invocations and of Init', async () => {
    const { api, next, post } = await startApi();
    const exchange = api.invoke(INVOCATION);
    await next();
    const error = { errorType: 'RangeError', errorMessage: 'no', stackTrace: ['line 1'] };
    await post('invocation/id-1/error', JSON.stringify(error));
    await expect(exchange.finished).rejects.toMatchObject({
      payload: { errorType: 'RangeError', errorMessage: 'no', trace: ['line 1'] },
    });
    const broken = await startApi();
    await broken.post('init/error', 'no JSON', {
      'Lambda-Runtime-Function-Error-Type': 'Init.Bad',
    });
    await expect(broken.api.ready).rejects.toMatchObject({ payload: { errorType: 'Init.Bad' } });
  });

  it('ends a stream of more than 200 MiB for its reader, and reads it to the end', async () => {
    const { api, next, url } = await startApi();
    const exchange = api.invoke({ ...INVOCATION, mode: 'stream' });
    await next();
    const mebibyte = Buffer.alloc(1_048_576);
    const posted = fetch(url('/2018-06-01/runtime/invocation/id-1/response'), {
      method: 'POST',
      body: Readable.from(Array.from({ length: 201 }, () => mebibyte)),
      headers: { 'Lambda-Runtime-Function-Response-Mode': 'streaming' },
      duplex: 'half',
    });
    const answer = await exchange.answer;
    if (answer.type !== 'stream') throw new Error('Expected a stream');
    let length = 0;
    const reading = (async () => {
      for await (const chunk of answer.chunks) length += chunk.byteLength;
    })();
    const failure = { payload: { errorType: 'Function.ResponseSizeTooLarge' } };
    await expect(reading).rejects.toMatchObject(failure);
    await expect(exchange.finished).rejects.toMatchObject(failure);
    expect(length).toBeGreaterThan(199 * mebibyte.byteLength);
    expect(length).toBeLessThanOrEqual(200 * mebibyte.byteLength);
    expect((await posted).status).toBe(413);
  });

  it('hands a stream on as it comes, and its failure after what has come', async () => {
    const { api, next } = await startApi();
    const exchange = api.invoke({ ...INVOCATION, mode: 'stream' });
    const event = await next();
    expect(event.headers.get('lambda-runtime-function-response-mode')).toBe('streaming');
    const [host, port] = api.address.split(':');
    const sending = request({
      host,
      port,
      method: 'POST',
      path: '/2018-06-01/runtime/invocation/id-1/response',
      headers: {
        'Lambda-Runtime-Function-Response-Mode': 'streaming',
        'Content-Type': 'text/plain',
        Trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
      },
    });
    sending.write('first');
    const answer = await exchange.answer;
    if (answer.type !== 'stream') throw new Error('Expected a stream');
    const reader = answer.chunks[Symbol.asyncIterator]();
    expect(Buffer.from((await reader.next()).value as Uint8Array).toString()).toBe('first');
    sending.addTrailers({
      'Lambda-Runtime-Function-Error-Type': 'Oops',
      'Lambda-Runtime-Function-Error-Body':
        Buffer.from('{"errorMessage":"late"}').toString('base64'),
    });
    sending.end();
    await expect(reader.next()).rejects.toMatchObject({
      payload: { errorType: 'Oops', errorMessage: 'late' },
    });
  });
});

describe('the Extensions API', () => {
  it('registers extensions, completes Init when they wait, and tells them of the end', async () => {
    const { api, next, url } = await startApi(1);
    void next().catch(() => undefined);
    const registered = await fetch(url('/2020-01-01/extension/register'), {
      method: 'POST',
      headers: { 'Lambda-Extension-Name': 'mine' },
      body: '{"events":["SHUTDOWN"]}',
    });
    expect(registered.status).toBe(200);
    const identity = {
      'Lambda-Extension-Identifier': registered.headers.get('lambda-extension-identifier') ?? '',
    };
    const waiting = fetch(url('/2020-01-01/extension/event/next'), { headers: identity });
    await api.ready;
    api.shutDown();
    expect(await (await waiting).json()).toMatchObject({ eventType: 'SHUTDOWN' });
    expect((await fetch(url('/2020-01-01/extension/event/next'))).status).toBe(403);
  });

  it('fails Init when an extension does', async () => {
    const { api, url } = await startApi(1);
    await fetch(url('/2020-01-01/extension/init/error'), {
      method: 'POST',
      body: '{"errorType":"Extension.Bad","errorMessage":"no port"}',
    });
    await expect(api.ready).rejects.toMatchObject({
      payload: { errorType: 'Extension.Bad', errorMessage: 'no port' },
    });
  });
});
