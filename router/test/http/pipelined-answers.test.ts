import { answerBatch } from 'lpr-testkit';
import { describe, expect, test, vi } from 'vitest';
import { idle, line, settledRequests, STREAM } from '../contract/observe.ts';
import { connectRaw, get, WAIT } from '../contract/raw-client.ts';
import { echo, gate, operation, startRouter } from '../support/router.ts';

const CHUNK = 'x'.repeat(65_536);
const streamed = { get: operation({ maxWaitMs: 0, ...STREAM }) };

/** Sends a request whose answer waits for `begin`, and behind it one whose answer is `second`. */
async function pipeline(sent: string, second: (id: string) => string) {
  const first = gate();
  const { url, router, invoker } = await startRouter({
    paths: { '/first': streamed, '/second': streamed },
    settings: { ClientBufferBytes: 100_000 },
    async *answer(event) {
      const { rawPath, requestContext } = event.batch[0]!;
      const id = requestContext.requestId;
      if (rawPath === '/first') {
        await first.opened;
        yield chunk(id, 'first') + line({ id, type: 'end' });
      } else {
        yield second(id);
      }
    },
  });
  const settled = settledRequests(router);
  const client = await connectRaw(url);
  client.send(get('/first') + sent);
  await vi.waitFor(() => {
    expect(invoker.invocations).toHaveLength(2);
    // That of the second is over.
    expect(router.stats().inflightInvocations).toBe(1);
  }, WAIT);
  return { client, router, settled, begin: first.open };
}

const chunk = (id: string, body: string) => line({ id, type: 'chunk', body });
const breaks = (id: string) => chunk(id, 'second') + line({ id, type: 'error', message: 'broke' });
const FIRST = /^HTTP\/1\.1 200 OK\r\n[^]*?\r\n\r\n5\r\nfirst\r\n0\r\n\r\n/;

describe('an answer that fails while it waits for the one before it', () => {
  test.each([
    ['nothing', '', 2],
    ['a request', get('/nowhere'), 3],
    ['half an upload', 'POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n1', 3],
    ['garbage', 'GARBAGE\r\n\r\n', 2],
    ['a request and garbage', `${get('/nowhere')}GARBAGE\r\n\r\n`, 3],
    ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', 2],
  ])(
    'past its buffer closes the connection after that one, for %s behind it',
    async (_, behind, count) => {
      const tooMuch = (id: string) => chunk(id, CHUNK) + chunk(id, CHUNK);
      const { client, router, settled, begin } = await pipeline(get('/second') + behind, tooMuch);
      begin();
      expect(await client.ended).toBe('closed');
      expect(client.received().replace(FIRST, '')).toBe('');
      await idle(router);
      expect(settled).toHaveLength(count);
      expect(settled.map(({ failure }) => failure)).toContain('LPR_CLIENT_TOO_SLOW');
    },
  );

  test('of its function is broken off after what came of it', async () => {
    const { client, router, settled, begin } = await pipeline(get('/second'), breaks);
    begin();
    expect(await client.ended).toBe('closed');
    const second = client.received().replace(FIRST, '');
    expect(second).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n6\r\nsecond\r\n$/);
    await idle(router);
    expect(settled.map(({ failure }) => failure)).toEqual([undefined, 'LPR_FUNCTION_ERROR']);
  });

  test('of its function is not begun in HTTP/1.0, where it would look complete', async () => {
    const second = get('/second', { version: '1.0', headers: 'Connection: keep-alive\r\n' });
    const { client, router, begin } = await pipeline(second, breaks);
    begin();
    expect(await client.ended).toBe('closed');
    expect(client.received().replace(FIRST, '')).toBe('');
    await idle(router);
  });

  test('is settled when the client leaves before its turn', async () => {
    const { client, router, settled, begin } = await pipeline(get('/second'), breaks);
    client.socket.resetAndDestroy();
    await vi.waitFor(() => expect(settled).toHaveLength(2), WAIT);
    begin();
    await idle(router);
    expect(settled).toHaveLength(2);
  });
});

test('a whole answer behind another waits for its reader no longer than StreamIdleTimeoutMs', async () => {
  const first = gate();
  const { url, router, invoker } = await startRouter({
    paths: { '/{name}': { get: operation({ maxWaitMs: 0 }) } },
    settings: { StreamIdleTimeoutMs: 50 },
    async answer(event, invocation) {
      if (event.batch[0]!.rawPath === '/first') {
        await first.opened;
        return echo(event, invocation);
      }
      // Far more than sockets on both sides hold.
      return answerBatch(event, { body: CHUNK.repeat(512) });
    },
  });
  const settled = settledRequests(router);
  const client = await connectRaw(url, { paused: true });
  client.send(get('/first') + get('/second'));
  await vi.waitFor(() => {
    expect(invoker.invocations).toHaveLength(2);
    expect(router.stats().inflightInvocations).toBe(1);
  }, WAIT);
  first.open();
  await idle(router);
  expect(settled).toMatchObject([{ bytesOut: 6 }, { bytesOut: CHUNK.length * 512 }]);
});
