import { VirtualClock } from 'lpr-testkit';
import { describe, expect, test, vi } from 'vitest';
import { echo, gate, operation, startRouter } from '../support/router.ts';
import { codeOf, idle, settledRequests } from './observe.ts';
import { connectRaw, parseAnswer, WAIT } from './raw-client.ts';

const rules = { maxWaitMs: 1000, maxBatchSize: 4, timeoutMs: 5000, key: ['query:k'] };

/** A clock whose timers come late: the event loop was busy. */
class LateClock extends VirtualClock {
  lateMs = 0;
  override now(): number {
    return super.now() + this.lateMs;
  }
}

async function start<C extends VirtualClock>(clock: C, lpr: object = {}) {
  const first = gate();
  const get = operation({ ...rules, ...lpr });
  const set = await startRouter({
    paths: { '/a': { get, post: get } },
    settings: { MaxInflightInvocations: 1 },
    clock,
    async answer(event, invocation) {
      if (set.invoker.invocations.length === 1) await first.opened;
      return echo(event, invocation);
    },
  });
  const { router, invoker } = set;
  const stats = (expected: object) =>
    vi.waitFor(() => expect(router.stats()).toMatchObject(expected), WAIT);
  const invoked = () =>
    invoker.invocations.map(({ event }) => event.batch.map((item) => item.rawQueryString));
  return { ...set, clock, first, stats, invoked, settled: settledRequests(router) };
}

describe('a request is not invoked (wire contract 3.7)', () => {
  test('whose client leaves during its window', async () => {
    const { url, router, clock, first, stats, invoked, settled } = await start(new VirtualClock());
    first.open();
    const controller = new AbortController();
    const left = fetch(`${url}/a?left`, { signal: controller.signal });
    const stays = fetch(`${url}/a?stays`);
    await stats({ openBatches: 1, inflightRequests: 2 });
    controller.abort();
    await expect(left).rejects.toThrow('aborted');
    await stats({ openBatches: 1, inflightRequests: 1 });
    clock.advance(1000);
    expect((await stays).status).toBe(200);
    await idle(router);
    expect(invoked()).toEqual([['stays']]);
    expect(settled[0]).toMatchObject({ cancelled: 'queued', batchId: undefined });
  });

  test('whose deadline passes while it waits for an invocation', async () => {
    const { url, router, clock, first, stats, invoked } = await start(new VirtualClock());
    const running = fetch(`${url}/a?k=1`).catch(() => undefined);
    await stats({ openBatches: 1 });
    clock.advance(1000);
    await stats({ inflightInvocations: 1 });
    const late = fetch(`${url}/a?k=2`);
    await stats({ openBatches: 1 });
    clock.advance(1000);
    await stats({ queueDepth: 1 });
    clock.advance(4000);
    const answer = await late;
    expect([answer.status, await codeOf(answer)]).toEqual([504, 'LPR_DEADLINE_EXCEEDED']);
    first.open();
    await running;
    await idle(router);
    expect(invoked()).toEqual([['k=1']]);
  });

  test('whose deadline has passed when its turn comes, though no timer has told so yet', async () => {
    const { url, router, clock, first, stats, invoked } = await start(new LateClock());
    const running = fetch(`${url}/a?k=1`);
    await stats({ openBatches: 1 });
    clock.advance(1000);
    await stats({ inflightInvocations: 1 });
    const late = fetch(`${url}/a?k=2`);
    await stats({ openBatches: 1 });
    clock.advance(1000);
    await stats({ queueDepth: 1 });
    clock.lateMs = 4000;
    first.open();
    const answer = await late;
    expect([answer.status, await codeOf(answer)]).toEqual([504, 'LPR_DEADLINE_EXCEEDED']);
    expect((await running).status).toBe(200);
    await idle(router);
    expect(invoked()).toEqual([['k=1']]);
  });

  test.each([
    ['no window', 0],
    ['a window', 1000],
  ])('whose body takes longer than its time, with %s', async (_, maxWaitMs) => {
    const { url, router, clock, stats, invoked } = await start(new VirtualClock(), { maxWaitMs });
    const client = await connectRaw(url);
    client.send('POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n1');
    await stats({ inflightRequests: 1 });
    clock.advance(5000);
    client.send('2');
    await vi.waitFor(() => {
      clock.advance(0);
      expect(client.received()).toContain('LPR_DEADLINE_EXCEEDED');
    }, WAIT);
    expect(parseAnswer(client.received()).status).toBe(504);
    await idle(router);
    expect(invoked()).toEqual([]);
  });
});

test('a deadline counts from the arrival, not from the last byte of the body', async () => {
  const { url, clock, first, stats, invoker } = await start(new VirtualClock(), { maxWaitMs: 0 });
  const client = await connectRaw(url);
  client.send('POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n1');
  await stats({ inflightRequests: 1 });
  clock.advance(3000);
  client.send('2');
  await stats({ inflightInvocations: 1 });
  clock.advance(1999);
  expect(invoker.invocations[0]!.signal.aborted).toBe(false);
  clock.advance(1);
  await client.until('LPR_DEADLINE_EXCEEDED');
  expect(invoker.invocations[0]!.signal.aborted).toBe(true);
  first.open();
});
