import { describe, expect, it, test, vi } from 'vitest';
import { parseBatch } from 'lpr-protocol';
import { VirtualClock } from 'lpr-testkit';
import { connectRaw, WAIT } from '../contract/raw-client.ts';
import { operation, startRouter } from '../support/router.ts';

async function itemOf(path: string, init: RequestInit = {}, settings = {}) {
  const clock = new VirtualClock(Date.UTC(2020, 2, 12, 19, 3, 58, 123));
  const { url, invoker } = await startRouter({
    paths: {
      '/hello/{id}': { get: operation({ maxWaitMs: 0 }), post: operation({ maxWaitMs: 0 }) },
    },
    settings,
    clock,
  });
  await fetch(`${url}${path}`, init);
  const [invocation] = invoker.invocations;
  return { event: invocation!.event, item: invocation!.event.batch[0]!, url };
}

describe('batch items', () => {
  it('are API Gateway events of payload 2.0', async () => {
    const { event, item, url } = await itemOf('/hello/a%20b?z&x=1+2&x=%2F', {
      headers: { cookie: 'a=1; b=2', 'user-agent': 'test', 'x-request-id': 'mine' },
    });
    expect(parseBatch(event)).toMatchObject({ ok: true });
    expect(event.v).toBe(1);
    expect(event.meta).toEqual({
      router: 'lambda-parallel-router',
      route: '/hello/{id}',
      receivedAtMs: 1584039838123,
    });
    const requestId = item.requestContext.requestId;
    expect(requestId).toMatch(/^r-[0-9a-f-]{36}$/);
    expect(item).toEqual({
      version: '2.0',
      routeKey: 'GET /hello/{id}',
      rawPath: '/hello/a%20b',
      rawQueryString: 'z&x=1+2&x=%2F',
      cookies: ['a=1', 'b=2'],
      headers: expect.objectContaining({
        host: new URL(url).host,
        cookie: 'a=1; b=2',
        'x-request-id': 'mine',
      }),
      queryStringParameters: { z: '', x: '1 2,/' },
      pathParameters: { id: 'a b' },
      isBase64Encoded: false,
      requestContext: {
        routeKey: 'GET /hello/{id}',
        stage: '$default',
        requestId,
        time: '12/Mar/2020:19:03:58 +0000',
        timeEpoch: 1584039838123,
        domainName: '127.0.0.1',
        lpr: { deadlineMs: 1584039838123 + 5000 },
        http: {
          method: 'GET',
          path: '/hello/a%20b',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
      },
    });
    expect(item.headers).not.toHaveProperty('connection');
  });

  it('carry text as text and everything else as base64', async () => {
    const text = await itemOf('/hello/1', { method: 'POST', body: 'grüße' });
    expect([text.item.body, text.item.isBase64Encoded]).toEqual(['grüße', false]);
    const bytes = await itemOf('/hello/1', { method: 'POST', body: new Uint8Array([255, 0]) });
    expect([bytes.item.body, bytes.item.isBase64Encoded]).toEqual(['/wA=', true]);
    const none = await itemOf('/hello/1');
    expect(none.item).not.toHaveProperty('body');
  });

  it('accept any content type, a malformed one included', async () => {
    const { item } = await itemOf('/hello/1', {
      method: 'POST',
      body: '{',
      headers: { 'content-type': 'no type at all;;' },
    });
    expect([item.body, item.headers['content-type']]).toEqual(['{', 'no type at all;;']);
  });

  it('lack headers that the configuration denies, and the router’s own', async () => {
    const init = { headers: { cookie: 'a=1', 'x-lpr-batch-size': '9', 'x-keep': 'yes' } };
    const { item } = await itemOf('/hello/1', init, { ForwardHeaders: { Deny: ['Cookie'] } });
    expect(item.headers).not.toHaveProperty('cookie');
    expect(item).not.toHaveProperty('cookies');
    expect(item.headers).not.toHaveProperty('x-lpr-batch-size');
    expect(item.headers['x-keep']).toBe('yes');
    const allowed = await itemOf('/hello/1', init, { ForwardHeaders: { Allow: ['x-keep'] } });
    expect(allowed.item.headers).toEqual({ 'x-keep': 'yes' });
  });
});

test('headers that end at this hop, or that `Connection` names, are not forwarded', async () => {
  const paths = { '/a': { post: operation({ maxWaitMs: 0 }) } };
  const { url, invoker } = await startRouter({ paths });
  const client = await connectRaw(url);
  client.send(
    'POST /a HTTP/1.1\r\nHost: a\r\nConnection: X-Hop, Via\r\nConnection: x-other\r\n' +
      'X-Hop: 1\r\nVia: 1.1 p\r\nX-Other: 2\r\nKeep-Alive: timeout=1\r\nTE: trailers\r\n' +
      'Trailer: x-t\r\nUpgrade: h2c\r\nProxy-Authorization: p\r\nProxy-Authenticate: p\r\n' +
      'Proxy-Connection: close\r\nX-LPR-Own: 1\r\nX-Forwarded-Proto: https\r\n' +
      'X-Twice: 1\r\nx-twice: 2\r\nCookie: a=1\r\nCookie: b=2\r\nX-Latin: caf\u00e9\r\n' +
      'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  );
  await client.until('HTTP/1.1 200');
  const [item] = invoker.invocations[0]!.event.batch;
  // As UTF-8 it went over the wire in two bytes.
  const latin = 'caf\u00c3\u00a9';
  expect(item!.headers).toEqual({
    host: 'a',
    'x-forwarded-proto': 'https',
    'x-twice': '1,2',
    cookie: 'a=1; b=2',
    'x-latin': latin,
  });
  expect(item!.cookies).toEqual(['a=1', 'b=2']);
});

describe('batches', () => {
  it('never mix values of a key dimension, even of a header that is not forwarded', async () => {
    const clock = new VirtualClock();
    const { url, router, invoker } = await startRouter({
      clock,
      paths: { '/a': { get: operation({ key: ['header:x-tenant', 'query:shard'] }) } },
      settings: { ForwardHeaders: { Deny: ['x-tenant'] } },
    });
    const send = (tenant: string, shard: string) =>
      fetch(`${url}/a?shard=${shard}`, { headers: { 'x-tenant': tenant } });
    const sent = [send('a', '1'), send('b', '1'), send('a', '1'), send('a', '2')];
    await vi.waitFor(
      () => expect(router.stats()).toMatchObject({ inflightRequests: 4, openBatches: 3 }),
      WAIT,
    );
    clock.advance(20);
    await Promise.all(sent);
    const sizes = invoker.invocations.map(({ event }) => event.batch.length).sort();
    expect(sizes).toEqual([1, 1, 2]);
  });

  it('of a route that takes any method hold one method each', async () => {
    const clock = new VirtualClock();
    const { url, router, invoker } = await startRouter({
      clock,
      paths: { '/any': { 'x-amazon-apigateway-any-method': operation() } },
    });
    const sent = ['GET', 'POST', 'GET'].map((method) => fetch(`${url}/any`, { method }));
    await vi.waitFor(
      () => expect(router.stats()).toMatchObject({ inflightRequests: 3, openBatches: 2 }),
      WAIT,
    );
    clock.advance(20);
    await Promise.all(sent);
    const methods = invoker.invocations.map(({ event }) =>
      event.batch.map((item) => item.requestContext.http.method),
    );
    expect(methods.toSorted()).toEqual([['GET', 'GET'], ['POST']]);
    expect(invoker.invocations[0]!.event.batch[0]!.routeKey).toBe('ANY /any');
  });
});
