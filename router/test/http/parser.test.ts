import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { connect } from 'node:net';
import { VirtualClock } from 'lpr-testkit';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { refuseConnection } from '../../src/http/refuse-connection.ts';
import { connectRaw, exchange, get, parseAnswer, WAIT } from '../contract/raw-client.ts';
import { operation, startRouter } from '../support/router.ts';

const unbatched = operation({ maxWaitMs: 0 });
const paths = { '/a': { get: unbatched, post: unbatched } };
const CLOSE = 'Connection: close\r\n';

/** An answer of the router with the body of an error. */
function expectRefusal(answer: string, status: number, code: string) {
  const { status: sent, head, body } = parseAnswer(answer);
  expect(sent).toBe(status);
  expect(head).toMatch(/content-type: application\/json/i);
  expect(head).toMatch(/connection: close/i);
  const { requestId, ...rest } = JSON.parse(body) as Record<string, string>;
  expect(rest).toEqual({ code, message: expect.stringMatching(/\S\.$/) });
  expect(requestId).toMatch(/^r-[0-9a-f-]{36}$/);
  expect(head.toLowerCase()).toContain(`x-request-id: ${requestId}`);
}

describe('what the parser refuses', () => {
  test.each([
    ['garbage', 'GARBAGE\r\n\r\n', 400, 'LPR_BAD_REQUEST'],
    ['the beginning of TLS', '\x16\x03\x01\x02\0\x01\0', 400, 'LPR_BAD_REQUEST'],
    [
      'a control character in the path',
      'GET /a\x01 HTTP/1.1\r\nHost: a\r\n\r\n',
      400,
      'LPR_BAD_REQUEST',
    ],
    ['a target that is none', 'GET a HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'LPR_BAD_REQUEST'],
    ['a method that nobody knows', 'FOO /a HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'LPR_BAD_REQUEST'],
    ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'LPR_BAD_REQUEST'],
    [
      'two lengths at once',
      'POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n',
      400,
      'LPR_BAD_REQUEST',
    ],
    [
      'two content lengths',
      'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
      400,
      'LPR_BAD_REQUEST',
    ],
    [
      'one length twice',
      'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\na',
      400,
      'LPR_BAD_REQUEST',
    ],
    [
      'a chunk without a size',
      'POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nab\r\n0\r\n\r\n',
      400,
      'LPR_BAD_REQUEST',
    ],
    [
      'an encoding that ends in no chunks',
      'POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
      400,
      'LPR_BAD_REQUEST',
    ],
    ['lines without carriage returns', 'GET /a HTTP/1.1\nHost: a\n\n', 400, 'LPR_BAD_REQUEST'],
    [
      'a header folded over two lines',
      'GET /a HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n',
      400,
      'LPR_BAD_REQUEST',
    ],
    [
      'a coding that is not undone',
      'POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
      400,
      'LPR_BAD_REQUEST',
    ],
    [
      'chunks in HTTP/1.0',
      'POST /a HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'LPR_BAD_REQUEST',
    ],
    ['a space before a colon', 'GET /a HTTP/1.1\r\nHost : a\r\n\r\n', 400, 'LPR_BAD_REQUEST'],
    [
      'headers that are too large',
      get('/a', { headers: `X-Big: ${'x'.repeat(70_000)}\r\n` }),
      431,
      'LPR_HEADERS_TOO_LARGE',
    ],
    ['a path that is too long', get(`/${'x'.repeat(70_000)}`), 431, 'LPR_HEADERS_TOO_LARGE'],
  ])(
    '%s gets an error body of ours, and the connection is closed',
    async (_, sent, status, code) => {
      const { url, invoker } = await startRouter({ paths });
      const answer = await exchange(url, sent);
      expectRefusal(answer.text, status, code);
      expect(invoker.invocations).toEqual([]);
    },
  );

  test('headers that come too slowly are 408', async () => {
    const socket = new PassThrough();
    const error = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    refuseConnection(error, socket);
    const answer = await text(socket);
    expectRefusal(answer, 408, 'LPR_REQUEST_TIMEOUT');
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  });

  test('a client that resets its connection instead of reading the refusal does no harm', () => {
    const socket = new PassThrough();
    refuseConnection(new Error('CONNECT'), socket);
    expect(() => socket.emit('error', new Error('read ECONNRESET'))).not.toThrow();
    expect(socket.destroyed).toBe(true);
  });

  test('a client that has gone is told nothing', () => {
    const socket = new PassThrough();
    refuseConnection(Object.assign(new Error('gone'), { code: 'ECONNRESET' }), socket);
    expect([socket.destroyed, socket.readableLength]).toEqual([true, 0]);
  });

  test('headers as large as a load balancer lets through are taken', async () => {
    const { url, invoker } = await startRouter({ paths });
    const large = 'x'.repeat(60_000);
    const answer = await exchange(url, get('/a', { headers: `X-Large: ${large}\r\n${CLOSE}` }));
    expect(parseAnswer(answer.text).status).toBe(200);
    expect(invoker.invocations[0]!.event.batch[0]!.headers['x-large']).toBe(large);
  });

  test('many headers are taken as long as their bytes are few, the last one, too', async () => {
    const { url, invoker } = await startRouter({ paths });
    const many = Array.from({ length: 3000 }, (_, index) => `X-${index}: 1\r\n`).join('');
    const sent = `POST /a HTTP/1.1\r\nHost: a\r\n${CLOSE}${many}Content-Length: 2\r\n\r\nhi`;
    expect(parseAnswer((await exchange(url, sent)).text).status).toBe(200);
    const { body, headers } = invoker.invocations[0]!.event.batch[0]!;
    expect([body, headers['x-2999'], headers['content-length']]).toEqual(['hi', '1', '2']);
  });

  test.each([
    ['garbage', 'GARBAGE\r\n\r\n'],
    ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ])(
    'a client that keeps its side open after %s does not keep the router from closing',
    async (_, sent) => {
      const { url, router } = await startRouter({ paths });
      const { hostname, port } = new URL(url);
      const client = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
      onTestFinished(() => void client.destroy());
      const ended = new Promise((resolve) => client.once('end', resolve));
      client
        .on('error', () => {})
        .resume()
        .write(sent);
      await ended;
      await router.close();
      expect(client.writable).toBe(true);
    },
  );
});

describe('the host of a request', () => {
  test.each([
    ['two', 'GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n'],
    ['the same twice', 'GET /a HTTP/1.1\r\nHost: a\r\nhost: a\r\nConnection: close\r\n\r\n'],
    ['none', 'GET /a HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['one with a space', 'GET /a HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n'],
    ['one with a path', 'GET /a HTTP/1.1\r\nHost: a/b\r\nConnection: close\r\n\r\n'],
    ['one with a user', 'GET /a HTTP/1.1\r\nHost: u@a\r\nConnection: close\r\n\r\n'],
    ['an URL with a user', get('http://u:p@a/a', { headers: CLOSE })],
    ['an URL with none', get('http://@/a', { headers: CLOSE })],
  ])('is stated once: %s is 400', async (_, sent) => {
    const { url, invoker } = await startRouter({ paths });
    expectRefusal((await exchange(url, sent)).text, 400, 'LPR_BAD_REQUEST');
    expect(invoker.invocations).toEqual([]);
  });

  test.each([
    'a',
    'A.test:80',
    '127.0.0.1',
    '[::1]:3000',
    '[::ffff:1.2.3.4]',
    'x_y-z.~1',
    '%41',
    '',
  ])('may be `%s`', async (host) => {
    const { url, invoker } = await startRouter({ paths });
    const answer = await exchange(url, `GET /a HTTP/1.1\r\nHost: ${host}\r\n${CLOSE}\r\n`);
    expect(parseAnswer(answer.text).status).toBe(200);
    expect(invoker.invocations[0]!.event.batch[0]!.headers['host']).toBe(host);
  });

  test('may be missing in HTTP/1.0', async () => {
    const { url, invoker } = await startRouter({ paths });
    const answer = await exchange(url, 'GET /a HTTP/1.0\r\n\r\n');
    expect(parseAnswer(answer.text).status).toBe(200);
    expect(invoker.invocations[0]!.event.batch[0]!.requestContext).not.toHaveProperty('domainName');
  });

  test('is that of an absolute URL, of which path and query are taken', async () => {
    const { url, invoker } = await startRouter({ paths });
    const sent = get('http://other.test:81/a?x=1', { headers: CLOSE });
    expect(parseAnswer((await exchange(url, sent)).text)).toMatchObject({
      status: 200,
      body: '/a',
    });
    expect(invoker.invocations[0]!.event.batch[0]).toMatchObject({
      rawPath: '/a',
      rawQueryString: 'x=1',
      headers: { host: 'other.test:81' },
      requestContext: { domainName: 'other.test', http: { path: '/a' } },
    });
  });
});

describe('what may be ignored is ignored', () => {
  test.each([
    ['an unknown expectation', 'Expect: the-unexpected\r\n'],
    ['an upgrade', 'Connection: upgrade\r\nUpgrade: websocket\r\n'],
  ])('%s', async (_, headers) => {
    const { url, invoker } = await startRouter({ paths });
    const client = await connectRaw(url);
    client.send(get('/a', { headers }));
    expect(await client.until('\r\n\r\n/a')).toMatch(/^HTTP\/1\.1 200 /);
    expect(invoker.invocations[0]!.event.batch[0]!.headers).not.toHaveProperty('upgrade');
  });
});

test('a client that expects a 100 gets it before its body is read', async () => {
  const { url, invoker } = await startRouter({ paths });
  const client = await connectRaw(url);
  client.send('POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n');
  await client.until('HTTP/1.1 100 Continue\r\n\r\n');
  client.send('hi');
  await client.until('HTTP/1.1 200 OK');
  expect(invoker.invocations[0]!.event.batch[0]!.body).toBe('hi');
});

test('a body that is too large closes the connection, and says so once, while draining too', async () => {
  const clock = new VirtualClock();
  const { url, router } = await startRouter({ paths, clock, settings: { MaxBodyBytes: 1 } });
  const tooLarge = 'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab';
  expectRefusal((await exchange(url, tooLarge)).text, 413, 'LPR_BODY_TOO_LARGE');
  const client = await connectRaw(url);
  const closing = router.close({ drainDelayMs: 500 });
  await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(503), WAIT);
  client.send(tooLarge);
  await client.ended;
  expectRefusal(client.received(), 413, 'LPR_BODY_TOO_LARGE');
  expect(client.received().match(/connection:/gi)).toHaveLength(1);
  clock.advance(500);
  await closing;
});
