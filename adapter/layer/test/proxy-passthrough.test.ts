import { randomBytes } from 'node:crypto';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { STREAM, setUp } from './support/proxy.ts';
import { idOf } from './support/runtime.ts';

const INVOCATION = '/2018-06-01/runtime/invocation';

describe('an event that is no batch', () => {
  it.each([
    ['an API Gateway event', '{"version":"2.0","rawPath":"/x","body":"\\u00e9 \\"batch\\""}'],
    ['a scheduled event', '{ "source": "aws.events",\n "detail-type": "Scheduled Event" }'],
    ['a batch of another version', '{"v":2,"batch":[]}'],
    ['something that only looks like a batch', '{"v":1,"batch":{}}'],
    ['no JSON', '"batch"'],
  ])('reaches the runtime byte for byte: %s', async (_what, body) => {
    await using setup = await setUp();
    const worker = setup.worker();
    const headers = {
      'Lambda-Runtime-Invocation-Id': 'i-7',
      'Lambda-Runtime-Client-Context': '{"a":1}',
    };
    setup.api.offer({ id: 'outer', body, headers });
    const event = await worker.next();
    expect(event.body).toBe(body);
    expect(idOf(event)).toBe('outer');
    expect(event.headers).toMatchObject({
      'lambda-runtime-invocation-id': 'i-7',
      'lambda-runtime-client-context': '{"a":1}',
    });
  });

  it('has its answer passed on byte for byte, 6 MB of it', async () => {
    await using setup = await setUp();
    const { api } = setup;
    const worker = setup.worker();
    api.offer({ id: 'outer', body: '{}' });
    await worker.next();
    const answer = randomBytes(6_000_000);
    const headers = { 'Lambda-Runtime-Invocation-Id': 'i-7', 'Content-Type': 'text/x-odd' };
    expect(await worker.respond('outer', answer, headers)).toMatchObject({
      status: 202,
      body: '{"status":"OK"}',
    });
    const posted = await api.received('outer/response');
    expect(posted.body.equals(answer)).toBe(true);
    expect(posted.headers).toMatchObject({
      'lambda-runtime-invocation-id': 'i-7',
      'content-type': 'text/x-odd',
      'content-length': '6000000',
    });
    api.offer({ id: 'next', body: '{}' });
    expect(idOf(await worker.next())).toBe('next');
  });

  it('has its error passed on byte for byte', async () => {
    await using setup = await setUp();
    const worker = setup.worker();
    setup.api.offer({ id: 'outer', body: '{}' });
    await worker.next();
    await worker.error('outer');
    const posted = await setup.api.received('outer/error');
    expect(posted.body.toString()).toBe('{"errorType":"Error","errorMessage":"secret","trace":[]}');
  });

  it('has the trailers of a stream that broke passed on', async () => {
    await using setup = await setUp();
    const worker = setup.worker();
    setup.api.offer({ id: 'outer', body: '{}', headers: STREAM });
    expect((await worker.next()).headers).toMatchObject({
      'lambda-runtime-function-response-mode': 'streaming',
    });
    const [host = '', port] = setup.proxy.address.split(':');
    const socket = createConnection({ host, port: Number(port) });
    socket.write(
      `POST ${INVOCATION}/outer/response HTTP/1.1\r\nHost: x\r\nConnection: close\r\n` +
        'Transfer-Encoding: chunked\r\nTrailer: Lambda-Runtime-Function-Error-Type\r\n\r\n' +
        '4\r\npart\r\n0\r\nLambda-Runtime-Function-Error-Type: Oops\r\n\r\n',
    );
    const { body, trailers } = await setup.api.received('outer/response');
    expect(body.toString()).toBe('part');
    expect(trailers).toEqual({ 'lambda-runtime-function-error-type': 'Oops' });
    expect(await text(socket)).toContain('202 Accepted');
  });

  it('has what the API says against its answer passed back', async () => {
    await using setup = await setUp();
    const worker = setup.worker();
    setup.api.offer({ id: 'outer', body: '{}' });
    await worker.next();
    setup.api.intercept = (request, response) => {
      if (request.method !== 'POST') return false;
      request.resume();
      response.writeHead(413, { 'X-Why': 'size' }).end('too large');
      return true;
    };
    expect(await worker.respond('outer', '{}')).toMatchObject({
      status: 413,
      body: 'too large',
      headers: { 'x-why': 'size' },
    });
  });
});

describe('other requests', () => {
  it.each([
    ['GET', '/2018-06-01/runtime/restore/next'],
    ['POST', '/2018-06-01/runtime/restore/error'],
    ['POST', '/2018-06-01/runtime/init/error'],
    ['PUT', '/2022-07-01/telemetry?x=1'],
  ])('are passed on untouched: %s %s', async (method, path) => {
    await using setup = await setUp();
    let seen = '';
    setup.api.intercept = (request, response) => {
      seen = `${request.method} ${request.url} ${String(request.headers['x-mine'])}`;
      response.writeHead(418).end('teapot');
      return true;
    };
    const reply = await setup.worker().send(method, path, '', { 'X-Mine': 'yes' });
    expect(reply).toMatchObject({ status: 418, body: 'teapot' });
    expect(seen).toBe(`${method} ${path} yes`);
  });
});
