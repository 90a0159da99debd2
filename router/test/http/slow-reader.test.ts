import { describe, expect, test, vi } from 'vitest';
import {
  fullBatches,
  idle,
  idsByQuery,
  line,
  settledRequests,
  STREAM,
} from '../contract/observe.ts';
import { connectRaw, get, WAIT } from '../contract/raw-client.ts';
import { startRouter } from '../support/router.ts';

const CHUNK = 'x'.repeat(65_536);
/** More than any socket buffers: 128 MiB. */
const MOST_CHUNKS = 2048;

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a client that reads no more (wire contract 3.6)', () => {
  test('is cut off past ClientBufferBytes, while its neighbour gets all of its answer', async () => {
    const { url, router } = await startRouter({
      paths: fullBatches(2, STREAM),
      settings: { ClientBufferBytes: 200_000 },
      async *answer(event) {
        const { slow, fast } = idsByQuery(event);
        for (let sent = 0; sent < MOST_CHUNKS && settled.length === 0; sent += 1) {
          yield line({ id: slow, type: 'chunk', body: CHUNK });
          await turn();
        }
        for (let sent = 0; sent < 16; sent += 1) {
          yield line({ id: fast, type: 'chunk', body: CHUNK });
          await turn();
        }
        yield line({ id: slow, type: 'end' }) + line({ id: fast, type: 'end' });
      },
    });
    const settled = settledRequests(router);
    const slow = await connectRaw(url, { paused: true });
    slow.send(get('/a?slow'));
    const fast = await fetch(`${url}/a?fast`);
    expect(await fast.text()).toBe(CHUNK.repeat(16));
    expect(settled[0]).toMatchObject({ failure: 'LPR_CLIENT_TOO_SLOW', status: 200 });
    slow.socket.resume();
    expect(await slow.ended).toBe('reset');
    await idle(router);
    expect(settled.map(({ failure }) => failure)).toEqual(['LPR_CLIENT_TOO_SLOW', undefined]);
  });

  test('alone keeps no invocation alive: it is aborted when nobody else waits', async () => {
    const { url, router, invoker } = await startRouter({
      paths: fullBatches(1, STREAM),
      settings: { ClientBufferBytes: 1000 },
      async *answer(event, { signal }) {
        const id = event.batch[0]!.requestContext.requestId;
        for (let sent = 0; sent < MOST_CHUNKS && !signal.aborted; sent += 1) {
          yield line({ id, type: 'chunk', body: CHUNK });
          await turn();
        }
      },
    });
    const slow = await connectRaw(url, { paused: true });
    slow.send(get('/a'));
    await vi.waitFor(() => expect(invoker.invocations).toHaveLength(1), WAIT);
    await idle(router);
    expect(invoker.invocations[0]!.signal.aborted).toBe(true);
  });

  test('does not hold a whole answer for longer than StreamIdleTimeoutMs', async () => {
    const { url, router } = await startRouter({
      paths: fullBatches(1),
      settings: { StreamIdleTimeoutMs: 50 },
      answer: (event) => ({
        v: 1,
        responses: event.batch.map((item) => ({
          id: item.requestContext.requestId,
          statusCode: 200,
          body: CHUNK.repeat(512),
        })),
      }),
    });
    const settled = settledRequests(router);
    const slow = await connectRaw(url, { paused: true });
    slow.send(get('/a'));
    await vi.waitFor(() => expect(settled).toHaveLength(1), WAIT);
    slow.socket.resume();
    expect(await slow.ended).toBe('reset');
    await idle(router);
  });
});

test('a client that was slow once keeps its connection no longer than others', async () => {
  const body = CHUNK.repeat(512);
  const { url } = await startRouter({
    paths: fullBatches(1),
    settings: { KeepAliveTimeoutMs: 1 },
    answer: (event) => ({
      v: 1,
      responses: event.batch.map((item) => ({
        id: item.requestContext.requestId,
        statusCode: 200,
        body,
      })),
    }),
  });
  const client = await connectRaw(url);
  client.send(get('/a'));
  // Node adds a second to the time, so that a client with the same one is not cut off.
  expect(await client.ended).toBe('closed');
  expect(client.received().length).toBeGreaterThan(body.length);
});
