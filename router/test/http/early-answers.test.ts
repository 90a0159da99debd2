import { VirtualClock } from 'lpr-testkit';
import { describe, expect, test, vi } from 'vitest';
import { idle, line, settledRequests, STREAM } from '../contract/observe.ts';
import { connectRaw, exchange, get, parseAnswer, WAIT } from '../contract/raw-client.ts';
import { echo, gate, operation, startRouter } from '../support/router.ts';

const unbatched = operation({ maxWaitMs: 0 });
const paths = { '/a': { get: unbatched, post: unbatched } };

/** Far more than sockets on both sides hold. */
const LARGE = 'x'.repeat(20_000_000);

const statuses = (text: string) =>
  [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));

/** A client of two requests that both run until the gate is opened, and of what it sent behind them. */
async function twoRunningBefore(sent: string) {
  const running = gate();
  const { url, router, invoker } = await startRouter({
    paths,
    async answer(event, invocation) {
      await running.opened;
      return echo(event, invocation);
    },
  });
  const settled = settledRequests(router);
  const client = await connectRaw(url);
  client.send(get('/a') + get('/a') + sent);
  await vi.waitFor(() => expect(invoker.invocations).toHaveLength(2), WAIT);
  return { client, running, router, settled };
}

describe('a request that came whole is answered before the connection is closed', () => {
  test.each([
    ['garbage', 'GARBAGE\r\n\r\n', 400],
    ['headers that are too large', get('/a', { headers: `X: ${'x'.repeat(70_000)}\r\n` }), 431],
    ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', 400],
  ])('for %s behind it', async (_, sent, status) => {
    const { client, running, settled } = await twoRunningBefore(sent);
    running.open();
    expect(await client.ended).toBe('closed');
    expect(statuses(client.received())).toEqual([200, 200, status]);
    expect(settled).toMatchObject([{ status: 200 }, { status: 200 }]);
  });

  test.each([
    ['garbage', 'GARBAGE\r\n\r\n'],
    ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ])('or settled when its client leaves, for %s behind it', async (_, sent) => {
    const { client, running, router, settled } = await twoRunningBefore(sent);
    client.socket.resetAndDestroy();
    await client.ended;
    running.open();
    await idle(router);
    expect(settled).toHaveLength(2);
  });

  test('for garbage in the middle of its stream', async () => {
    const rest = gate();
    const { url } = await startRouter({
      paths: { '/a': { get: operation({ maxWaitMs: 0, ...STREAM }) } },
      async *answer(event) {
        const { requestId: id } = event.batch[0]!.requestContext;
        yield line({ type: 'chunk', id, body: 'begun' });
        await rest.opened;
        yield line({ type: 'chunk', id, body: 'ended' });
        yield line({ type: 'end', id });
      },
    });
    const client = await connectRaw(url);
    client.send(get('/a'));
    await client.until('begun');
    client.send('GARBAGE\r\n\r\n');
    rest.open();
    expect(await client.ended).toBe('closed');
    expect(client.received()).toMatch(/begun\r\n5\r\nended\r\n0\r\n\r\nHTTP\/1\.1 400 /);
  });
});

describe('a client that reads only after it has sent everything reads its refusal', () => {
  test.each([
    [
      'a body that is too large, announced',
      `POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: ${LARGE.length}\r\n\r\n`,
      413,
    ],
    [
      'a body that is too large, in chunks',
      `POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${LARGE.length.toString(16)}\r\n`,
      413,
    ],
    [
      'a body for no route, over a connection that it wants closed',
      `POST /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${LARGE.length}\r\n\r\n`,
      404,
    ],
    ['garbage', 'GARBAGE', 400],
    ['headers that are too large', 'GET /a HTTP/1.1\r\nHost: a\r\nX-Large: ', 431],
  ])('of %s', async (_, head, status) => {
    const { url, invoker } = await startRouter({ paths });
    const client = await connectRaw(url, { paused: true });
    await new Promise((sent) => client.socket.write(`${head}${LARGE}\r\n0\r\n\r\n`, sent));
    client.socket.resume();
    expect(await client.ended).toBe('closed');
    expect(statuses(client.received())).toEqual([status]);
    expect(invoker.invocations).toEqual([]);
  });
});

test('a refused client that never sends the rest of its body keeps its connection for 5 s', async () => {
  const clock = new VirtualClock();
  const { url, router } = await startRouter({ paths, clock, settings: { MaxBodyBytes: 1 } });
  const client = await connectRaw(url);
  client.send('POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n12');
  expect(parseAnswer(await client.until('LPR_BODY_TOO_LARGE')).status).toBe(413);
  clock.advance(4999);
  expect(router.stats().inflightRequests).toBe(1);
  clock.advance(1);
  expect(await client.ended).toBe('closed');
  await idle(router);
});

test('a body that does not come in time is answered at the deadline of its request', async () => {
  const clock = new VirtualClock();
  const { url, router, invoker } = await startRouter({ paths, clock });
  const client = await connectRaw(url);
  client.send('POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n1');
  await vi.waitFor(() => expect(router.stats().inflightRequests).toBe(1), WAIT);
  clock.advance(5000);
  const { status, head } = parseAnswer(await client.until('LPR_DEADLINE_EXCEEDED'));
  expect([status, head]).toEqual([504, expect.stringMatching(/connection: close/i)]);
  client.send('2');
  expect(await client.ended).toBe('closed');
  await idle(router);
  expect(invoker.invocations).toEqual([]);
});

test('a client that leaves while it sends its body leaves no deadline behind', async () => {
  const clock = new VirtualClock();
  const { url, router } = await startRouter({ paths, clock });
  const settled = settledRequests(router);
  const client = await connectRaw(url);
  client.send('POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n1');
  await vi.waitFor(() => expect(router.stats().inflightRequests).toBe(1), WAIT);
  client.socket.destroy();
  await idle(router);
  expect(settled).toMatchObject([{ status: undefined, failure: undefined, cancelled: 'queued' }]);
  expect(clock.pendingTimers).toBe(0);
});

test('an upload after `Expect: 100-continue` is refused like any other', async () => {
  const { url } = await startRouter({ paths, settings: { MaxBodyBytes: 1 } });
  const head = 'POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n';
  const { text, end } = await exchange(url, `${head}ab`);
  expect([statuses(text), end]).toEqual([[100, 413], 'closed']);
});
