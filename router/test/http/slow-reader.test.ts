import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerBatch, VirtualClock } from 'lpr-testkit';
import { ResponseWriter } from '../../src/http/write-response.ts';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  fullBatches,
  idle,
  idsByQuery,
  line,
  settledRequests,
  STREAM,
} from '../contract/observe.ts';
import { connectRaw, get, RESET_UNREAD, WAIT } from '../contract/raw-client.ts';
import { gate, startRouter } from '../support/router.ts';

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
    expect(await slow.ended).toBe(RESET_UNREAD);
    expect(slow.received()).not.toMatch(/\r\n0\r\n\r\n$/);
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
      answer: (event) => answerBatch(event, { body: CHUNK.repeat(512) }),
    });
    const settled = settledRequests(router);
    const slow = await connectRaw(url, { paused: true });
    slow.send(get('/a'));
    await vi.waitFor(() => expect(settled).toHaveLength(1), WAIT);
    slow.socket.resume();
    expect(await slow.ended).toBe(RESET_UNREAD);
    expect(slow.received().length).toBeLessThan(CHUNK.length * 512);
    await idle(router);
  });
});

test('a client that ends its side just as it is cut off does not keep its request for ever', async () => {
  const own = {
    clock: new VirtualClock(),
    includeBatchSize: false,
    serverTiming: false,
    closing: () => false,
  };
  const bounds = { clientBufferBytes: 1000, streamIdleTimeoutMs: 1000 };
  const closed = gate();
  const cutOff = gate();
  const server = createServer((_request, response) => {
    response.once('close', () => closed.open());
    const writer = new ResponseWriter(response, undefined, own, bounds);
    const head = { type: 'head', id: 'r-1', statusCode: 200, headers: {}, cookies: [] } as const;
    writer.head(head, { requestId: 'r-1', arrivalMs: 0, batch: undefined });
    void cutOff.opened.then(() => {
      // What Node does when the client has ended its side.
      response.socket!.end();
      writer.write(Buffer.from(CHUNK));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const client = await connectRaw(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  client.send(get('/'));
  await client.until('200');
  cutOff.open();
  await client.ended;
  await expect(closed.opened).resolves.toBeUndefined();
});

test('a client that was slow once keeps its connection no longer than others', async () => {
  const body = CHUNK.repeat(512);
  const { url } = await startRouter({
    paths: fullBatches(1),
    settings: { KeepAliveTimeoutMs: 1 },
    answer: (event) => answerBatch(event, { body }),
  });
  const client = await connectRaw(url);
  client.send(get('/a'));
  // Node adds a second to the time, so that a client with the same one is not cut off.
  expect(await client.ended).toBe('closed');
  expect(client.received().length).toBeGreaterThan(body.length);
});
