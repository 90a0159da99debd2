import { VirtualClock } from 'lpr-testkit';
import type { ReleaseReason } from 'lpr-router';
import { channels } from 'lpr-router';
import type { Router } from 'lpr-router';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { subscribeRouter } from '../../src/telemetry/typed-channel.ts';
import { echo, FUNCTION_ARN, gate, operation, startRouter } from '../support/router.ts';
import { fullBatches } from './observe.ts';
import { WAIT } from './raw-client.ts';

function releases(router: Router): readonly { reason: ReleaseReason; size: number }[] {
  const seen: { reason: ReleaseReason; size: number }[] = [];
  onTestFinished(
    subscribeRouter(channels.batchReleased, router.id, ({ reason, size }) => {
      seen.push({ reason, size });
    }),
  );
  return seen;
}

describe('a batch leaves', () => {
  test('full, when it has all it may have', async () => {
    const { url, router } = await startRouter({ paths: fullBatches(3) });
    const seen = releases(router);
    await Promise.all([1, 2, 3].map((n) => fetch(`${url}/a?${n}`)));
    expect(seen).toEqual([{ reason: 'full', size: 3 }]);
  });

  test('by its window, counted from its first request', async () => {
    const clock = new VirtualClock();
    const { url, router } = await startRouter({
      paths: { '/a': { get: operation({ maxWaitMs: 100 }) } },
      clock,
    });
    const seen = releases(router);
    const first = fetch(`${url}/a?1`);
    await vi.waitFor(() => expect(router.stats().inflightRequests).toBe(1), WAIT);
    clock.advance(60);
    const second = fetch(`${url}/a?2`);
    await vi.waitFor(() => expect(router.stats().inflightRequests).toBe(2), WAIT);
    clock.advance(39);
    expect(seen).toEqual([]);
    clock.advance(1);
    await Promise.all([first, second]);
    expect(seen).toEqual([{ reason: 'window', size: 2 }]);
  });

  test('by its payload, when the next request would take it past MaxInvokePayloadBytes', async () => {
    const post = operation({ maxWaitMs: 20_000, maxBatchSize: 2, timeoutMs: 25_000 });
    const { url, router, invoker } = await startRouter({
      paths: { '/a': { post } },
      settings: { MaxInvokePayloadBytes: 4000 },
    });
    const seen = releases(router);
    const send = (body: string) => fetch(`${url}/a`, { method: 'POST', body });
    const first = send('1'.repeat(2000));
    await vi.waitFor(() => expect(router.stats().openBatches).toBe(1), WAIT);
    const second = send('2'.repeat(2000));
    expect((await first).status).toBe(200);
    const third = send('3');
    expect([(await second).status, (await third).status]).toEqual([200, 200]);
    expect(seen).toEqual([
      { reason: 'payload', size: 1 },
      { reason: 'full', size: 2 },
    ]);
    for (const { payload } of invoker.invocations) {
      expect(payload.byteLength).toBeLessThanOrEqual(4000);
    }
  });

  test('by a drain', async () => {
    const { url, router } = await startRouter({ paths: fullBatches(3) });
    const seen = releases(router);
    const answer = fetch(`${url}/a`);
    await vi.waitFor(() => expect(router.stats().openBatches).toBe(1), WAIT);
    await router.close();
    expect((await answer).status).toBe(200);
    expect(seen).toEqual([{ reason: 'drain', size: 1 }]);
  });

  test('by a window that follows the rate of its key', async () => {
    const clock = new VirtualClock();
    const dynamicWait = { minWaitMs: 10, targetRps: 100, steepness: 1, smoothingSamples: 1 };
    const rules = { maxWaitMs: 1000, maxBatchSize: 100, timeoutMs: 60_000, dynamicWait };
    const { url, router } = await startRouter({
      paths: { '/a': { get: operation(rules) } },
      clock,
    });
    const seen = releases(router);
    const quiet = fetch(`${url}/a`);
    await vi.waitFor(() => expect(router.stats().openBatches).toBe(1), WAIT);
    clock.advance(10);
    expect((await quiet).status).toBe(200);
    // 30 in a sample of 100 ms are 300 a second.
    const crowd = Array.from({ length: 30 }, () => fetch(`${url}/a`));
    await vi.waitFor(() => expect(router.stats().inflightRequests).toBe(30), WAIT);
    clock.advance(10);
    await Promise.all(crowd);
    clock.advance(90);
    const patient = fetch(`${url}/a`);
    await vi.waitFor(() => expect(router.stats().openBatches).toBe(1), WAIT);
    clock.advance(999);
    expect(seen.map(({ size }) => size)).toEqual([1, 30]);
    clock.advance(1);
    expect((await patient).status).toBe(200);
    expect(seen).toHaveLength(3);
  });
});

describe('a saturated function', () => {
  test('delays only itself: x-lpr.maxInFlight', async () => {
    const first = gate();
    const rules = operation({ maxWaitMs: 0, maxInFlight: 1, key: ['query:k'] });
    const other = { ...rules, 'x-target-lambda': FUNCTION_ARN.replace('hello', 'other') };
    const { url, router, invoker } = await startRouter({
      paths: { '/a': { get: rules }, '/other': { get: other } },
      async answer(event, invocation) {
        if (event.batch[0]!.rawPath === '/a') await first.opened;
        return echo(event, invocation);
      },
    });
    const running = [fetch(`${url}/a?k=1`), fetch(`${url}/a?k=2`)];
    await vi.waitFor(() => {
      expect(router.stats()).toMatchObject({ inflightInvocations: 1, waitingBatches: 1 });
    }, WAIT);
    expect(await (await fetch(`${url}/other`)).text()).toBe('/other');
    expect(router.stats()).toMatchObject({ waitingBatches: 1 });
    first.open();
    for (const answer of await Promise.all(running)) expect(answer.status).toBe(200);
    expect(invoker.invocations).toHaveLength(3);
  });
});
