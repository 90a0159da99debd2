import { answerBatch, fakeInvoker, VirtualClock } from 'lpr-testkit';
import { createRouter } from 'lpr-router';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { codeOf, EMPTY, fullBatches, line, settledRequests, STREAM } from '../contract/observe.ts';
import { connectRaw, get, parseAnswer, WAIT } from '../contract/raw-client.ts';
import { echo, gate, operation, startRouter } from '../support/router.ts';

/** Virtual time that never runs out: what waits on the clock is let through, what waits on others is not. */
function advancing(clock: VirtualClock, stepMs: number): () => void {
  const timer = setInterval(() => clock.advance(stepMs), 5);
  return () => clearInterval(timer);
}

const window = { '/a': { get: operation({ maxWaitMs: 1000, timeoutMs: 60_000 }) } };

describe('a router that drains', () => {
  test('releases open batches at once, and then serves without a window until it refuses', async () => {
    const clock = new VirtualClock();
    const { url, router, invoker } = await startRouter({ paths: window, clock });
    const open = fetch(`${url}/a?open`);
    await vi.waitFor(() => expect(router.stats().openBatches).toBe(1), WAIT);
    const closing = router.close({ drainDelayMs: 5000 });
    expect((await open).status).toBe(200);
    const late = await fetch(`${url}/a?late`);
    expect([late.status, late.headers.get('connection')]).toEqual([200, 'close']);
    expect(router.stats()).toEqual(EMPTY);
    expect(invoker.invocations).toHaveLength(2);
    const idle = await connectRaw(url);
    clock.advance(5000);
    await closing;
    expect(await idle.ended).toBe('closed');
    await expect(fetch(`${url}/a`)).rejects.toThrow('fetch failed');
  });

  test('refuses after its delay with 503 and `Retry-After`, while what is in flight ends', async () => {
    const clock = new VirtualClock();
    const running = gate();
    const { url, router, invoker } = await startRouter({
      paths: fullBatches(1),
      clock,
      async answer(event, invocation) {
        await running.opened;
        return echo(event, invocation);
      },
    });
    const before = await connectRaw(url);
    const inFlight = fetch(`${url}/a`);
    await vi.waitFor(() => expect(invoker.invocations).toHaveLength(1), WAIT);
    const closing = router.close({ drainDelayMs: 5000 });
    clock.advance(5000);
    await vi.waitFor(async () => {
      const refused = await fetch(`${url}/a`);
      expect([refused.status, await codeOf(refused)]).toEqual([503, 'LPR_DRAINING']);
      expect(refused.headers.get('retry-after')).toBe('1');
    }, WAIT);
    before.send(get('/a'));
    expect(await before.ended).toBe('closed');
    expect(parseAnswer(before.received()).head).toMatch(/503 .*connection: close/s);
    running.open();
    expect(await (await inFlight).text()).toBe('/a');
    await closing;
    expect(invoker.invocations).toHaveLength(1);
  });

  test('answers for a function that takes longer than DrainTimeoutMs, and breaks begun answers visibly', async () => {
    const clock = new VirtualClock();
    const { url, router, invoker } = await startRouter({
      paths: fullBatches(2, { ...STREAM, timeoutMs: 1_000_000, maxWaitMs: 10 }),
      settings: { DrainTimeoutMs: 30_000, StreamIdleTimeoutMs: 1_000_000 },
      clock,
      async *answer(event, { signal }) {
        const [id] = event.batch.map((item) => item.requestContext.requestId);
        yield line({ id, type: 'chunk', body: 'begun' });
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    });
    const settled = settledRequests(router);
    const begun = await connectRaw(url);
    begun.send(get('/a'));
    await vi.waitFor(() => expect(router.stats().openBatches).toBe(1), WAIT);
    const headless = fetch(`${url}/a`);
    await begun.until('begun');
    const closing = router.close();
    clock.advance(29_999);
    expect(invoker.invocations[0]!.signal.aborted).toBe(false);
    clock.advance(1);
    const refused = await headless;
    expect([refused.status, await codeOf(refused)]).toEqual([503, 'LPR_DRAINING']);
    expect(await begun.ended).toBe('closed');
    expect(begun.received()).not.toContain('\r\n0\r\n\r\n');
    await closing;
    expect(invoker.invocations[0]!.signal.aborted).toBe(true);
    expect(settled.map(({ failure }) => failure)).toEqual(['LPR_DRAINING', 'LPR_DRAINING']);
  });

  test('lets an answer that has begun end in order within DrainTimeoutMs', async () => {
    const rest = gate();
    const { url, router } = await startRouter({
      paths: fullBatches(1, STREAM),
      async *answer(event) {
        const id = event.batch[0]!.requestContext.requestId;
        yield line({ id, type: 'chunk', body: 'begun' });
        await rest.opened;
        yield line({ id, type: 'end' });
      },
    });
    const client = await connectRaw(url);
    client.send(get('/a'));
    await client.until('begun');
    const closing = router.close();
    rest.open();
    // Its head promised to keep the connection; the router closes it when it is idle.
    expect(await client.ended).toBe('closed');
    expect(client.received()).toContain('\r\n0\r\n\r\n');
    await closing;
  });

  test('does not wait for an invoker that ignores its signal', async () => {
    const clock = new VirtualClock();
    const begun = gate();
    const invoker = fakeInvoker(() => {
      begun.open();
      return new Promise(() => {});
    });
    const config = { ListenAddr: '127.0.0.1:0', Spec: { paths: fullBatches(1) } };
    const router = await createRouter({ config, invoker, clock });
    const url = await router.listen();
    const answer = fetch(`${url}/a`);
    await begun.opened;
    onTestFinished(advancing(clock, 1000));
    await router.close();
    // Its deadline came before the end of the drain.
    expect((await answer).status).toBe(504);
    expect(router.stats()).toMatchObject({ inflightRequests: 0, inflightInvocations: 1 });
  });

  test('does not wait for a client that never sends the rest of its body, or never reads', async () => {
    const clock = new VirtualClock();
    const post = operation({ maxWaitMs: 0 });
    const { url, router } = await startRouter({
      paths: { '/a': { post, get: post } },
      clock,
      answer: (event) => answerBatch(event, { body: 'x'.repeat(30_000_000) }),
    });
    const sender = await connectRaw(url);
    sender.send('POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n1');
    const reader = await connectRaw(url, { paused: true });
    reader.send(get('/a'));
    await vi.waitFor(() => {
      expect(router.stats()).toMatchObject({ inflightRequests: 2, inflightInvocations: 0 });
    }, WAIT);
    onTestFinished(advancing(clock, 1000));
    await router.close();
    await sender.ended;
    reader.socket.resume();
    await reader.ended;
    expect(reader.received().length).toBeLessThan(30_000_000);
  });

  test('closes once, however often it is told to', async () => {
    const { router } = await startRouter();
    const first = router.close();
    expect(router.close()).toBe(first);
    await router[Symbol.asyncDispose]();
    await first;
  });
});
