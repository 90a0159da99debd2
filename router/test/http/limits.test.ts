import { describe, expect, it, vi } from 'vitest';
import { fullBatches } from '../contract/observe.ts';
import { echo, gate, operation, startRouter } from '../support/router.ts';

const code = async (response: Response) => ((await response.json()) as { code: string }).code;

/** A router whose first invocation lasts until its gate opens. */
async function saturated(settings: Record<string, unknown>, lpr: Record<string, unknown> = {}) {
  const first = gate();
  const begun = gate();
  const set = await startRouter({
    paths: { '/a': { get: operation({ maxWaitMs: 0, maxBatchSize: 4, ...lpr }) } },
    settings: { MaxInflightInvocations: 1, ...settings },
    async answer(event, invocation) {
      begun.open();
      if (set.invoker.invocations.length === 1) await first.opened;
      return echo(event, invocation);
    },
  });
  const running = fetch(`${set.url}/a`);
  await begun.opened;
  return { ...set, first, running };
}

describe('limits', () => {
  it('let batches of one key that wait merge up to their limits', async () => {
    const { url, router, invoker, first, running } = await saturated({});
    const waiting = Array.from({ length: 6 }, () => fetch(`${url}/a`));
    await vi.waitFor(() => expect(router.stats().queueDepth).toBe(6));
    first.open();
    const responses = await Promise.all([running, ...waiting]);
    expect(responses.map(({ status }) => status)).toEqual(Array(7).fill(200));
    expect(invoker.invocations.map(({ event }) => event.batch.length)).toEqual([1, 4, 2]);
  });

  it.each([
    ['MaxInflightRequests', { MaxInflightRequests: 2 }, '?k=2'],
    ['MaxPendingInvocations', { MaxPendingInvocations: 1 }, '?k=2'],
    ['MaxQueueDepthPerKey', { MaxQueueDepthPerKey: 1 }, '?k=1'],
  ])('answer 429 with `Retry-After` at %s', async (_, settings, query) => {
    const { url, router, first, running } = await saturated(settings, { key: ['query:k'] });
    const waiting = fetch(`${url}/a?k=1`);
    await vi.waitFor(() => expect(router.stats().queueDepth).toBe(1));
    const refused = await fetch(`${url}/a${query}`);
    expect([refused.status, await code(refused)]).toEqual([429, 'LPR_OVERLOADED']);
    expect(refused.headers.get('retry-after')).toBe('1');
    first.open();
    expect((await running).status).toBe(200);
    expect((await waiting).status).toBe(200);
    expect((await fetch(`${url}/a${query}`)).status).toBe(200);
  });

  it.each([
    ['MaxInflightRequests', { maxInflightRequests: 2 }, '?k=2'],
    ['MaxPendingInvocations', { maxPendingInvocations: 1 }, '?k=2'],
    ['MaxQueueDepthPerKey', { maxQueueDepthPerKey: 1 }, '?k=1'],
  ])('change with the configuration: %s', async (_, limit, query) => {
    const { url, router, first, running } = await saturated({}, { key: ['query:k'] });
    router.reload({ ...router.config, ...limit });
    const waiting = fetch(`${url}/a?k=1`);
    await vi.waitFor(() => expect(router.stats().queueDepth).toBe(1));
    expect((await fetch(`${url}/a${query}`)).status).toBe(429);
    first.open();
    expect([(await running).status, (await waiting).status]).toEqual([200, 200]);
  });

  it('do not count the open batch to MaxQueueDepthPerKey', async () => {
    const { url, invoker } = await startRouter({
      paths: fullBatches(4),
      settings: { MaxQueueDepthPerKey: 1 },
    });
    const responses = await Promise.all([1, 2, 3, 4].map(() => fetch(`${url}/a`)));
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(invoker.invocations.map(({ event }) => event.batch.length)).toEqual([4]);
  });

  it('never invoke a request whose client left while it waited', async () => {
    const { url, router, invoker, first, running } = await saturated({});
    const controller = new AbortController();
    const left = fetch(`${url}/a?left`, { signal: controller.signal });
    await vi.waitFor(() => expect(router.stats().queueDepth).toBe(1));
    controller.abort();
    await expect(left).rejects.toThrow('aborted');
    await vi.waitFor(() => expect(router.stats().waitingBatches).toBe(0));
    const stays = fetch(`${url}/a?stays`);
    await vi.waitFor(() => expect(router.stats().queueDepth).toBe(1));
    first.open();
    await running;
    expect((await stays).status).toBe(200);
    await router.close();
    const queries = invoker.invocations.map(({ event }) =>
      event.batch.map((item) => item.rawQueryString),
    );
    expect(queries).toEqual([[''], ['stays']]);
  });
});
