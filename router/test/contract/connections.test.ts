import { expect, onTestFinished, test } from 'vitest';
import { createHttpServer } from '../../src/http/server.ts';
import { echo, gate, operation, startRouter } from '../support/router.ts';
import { idle, settledRequests } from './observe.ts';
import { connectRaw, get } from './raw-client.ts';

const paths = { '/a': { get: operation({ maxWaitMs: 0 }) } };

test('a connection is kept, and longer than a load balancer keeps it idle', async () => {
  const { url } = await startRouter({ paths });
  const client = await connectRaw(url);
  client.send(get('/a?1'));
  expect(await client.until('\r\n\r\n/a')).toMatch(/keep-alive: timeout=65\r\n/i);
  client.send(get('/nowhere'));
  await client.until('LPR_ROUTE_NOT_FOUND');
  client.send(get('/a', { headers: 'Connection: close\r\n' }));
  expect(await client.ended).toBe('closed');
});

test('requests that are sent at once are answered in their order', async () => {
  const first = gate();
  const { url, invoker } = await startRouter({
    paths: { '/{name}': { get: operation({ maxWaitMs: 0, key: ['query:k'] }) } },
    async answer(event, invocation) {
      if (event.batch[0]!.rawPath === '/first') await first.opened;
      return echo(event, invocation);
    },
  });
  const client = await connectRaw(url);
  client.send(get('/first?k=1') + get('/second?k=2', { headers: 'Connection: close\r\n' }));
  await expect.poll(() => invoker.invocations.length).toBe(2);
  expect(client.received()).toBe('');
  first.open();
  await client.ended;
  expect(client.received()).toMatch(/\/first.*\/second$/s);
});

test('requests that were sent at once are each settled once when their client leaves', async () => {
  const all = gate();
  const { router, url, invoker } = await startRouter({
    paths: { '/{name}': { get: operation({ maxWaitMs: 0, key: ['query:k'] }) } },
    async answer(event, invocation) {
      await all.opened;
      return echo(event, invocation);
    },
  });
  const settled = settledRequests(router);
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on('warning', onWarning);
  onTestFinished(() => void process.off('warning', onWarning));
  const client = await connectRaw(url);
  // More than Node takes for a leak of listeners.
  client.send(Array.from({ length: 20 }, (_, n) => get(`/a?k=${n}`)).join(''));
  await expect.poll(() => invoker.invocations.length).toBe(20);
  client.socket.resetAndDestroy();
  await expect.poll(() => router.stats().inflightRequests).toBe(0);
  all.open();
  await idle(router);
  expect(settled.map(({ cancelled }) => cancelled)).toEqual(Array(20).fill('in_flight'));
  expect(warnings).toEqual([]);
});

test('the server waits 20 s for headers and 60 s for a whole request', () => {
  const { server } = createHttpServer({ isOwn: () => false, keepAliveTimeoutMs: 1234 });
  const { headersTimeout, requestTimeout, keepAliveTimeout } = server;
  expect({ headersTimeout, requestTimeout, keepAliveTimeout }).toEqual({
    headersTimeout: 20_000,
    requestTimeout: 60_000,
    keepAliveTimeout: 1234,
  });
});
