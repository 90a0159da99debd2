import { VirtualClock } from 'lpr-testkit';
import { describe, expect, test } from 'vitest';
import { gate, startRouter } from '../support/router.ts';
import { codeOf, fullBatches, idle, idsByQuery, line, settledRequests, STREAM } from './observe.ts';
import { connectRaw, get, parseAnswer } from './raw-client.ts';

describe('the deadline ends at the head (wire contract 3.9)', () => {
  test('of a stream that has begun, while a neighbour without a head gets 504', async () => {
    const clock = new VirtualClock();
    const rest = gate();
    const { url, router, invoker } = await startRouter({
      paths: fullBatches(2, { ...STREAM, timeoutMs: 3000, maxWaitMs: 1000 }),
      settings: { StreamIdleTimeoutMs: 1_000_000 },
      clock,
      async *answer(event) {
        const id = idsByQuery(event)['begun'];
        yield line({ id, type: 'head', statusCode: 206 });
        await rest.opened;
        yield line({ id, type: 'chunk', body: 'late' }) + line({ id, type: 'end' });
      },
    });
    const settled = settledRequests(router);
    const client = await connectRaw(url);
    client.send(get('/a?begun', { headers: 'Connection: close\r\n' }));
    const headless = fetch(`${url}/a?headless`);
    await client.until('206');
    clock.advance(100_000);
    const late = await headless;
    expect([late.status, await codeOf(late)]).toEqual([504, 'LPR_DEADLINE_EXCEEDED']);
    expect(invoker.invocations[0]!.signal.aborted).toBe(false);
    rest.open();
    await client.ended;
    const { status, body } = parseAnswer(client.received());
    expect([status, body]).toEqual([206, '4\r\nlate\r\n0\r\n\r\n']);
    await idle(router);
    expect(settled.map(({ failure }) => failure).toSorted()).toEqual([
      'LPR_DEADLINE_EXCEEDED',
      undefined,
    ]);
  });

  test('each item is told its own', async () => {
    const clock = new VirtualClock(1_000_000);
    const { url, router, invoker } = await startRouter({
      paths: fullBatches(2, { timeoutMs: 3000, maxWaitMs: 1000 }),
      clock,
    });
    const first = fetch(`${url}/a?first`);
    await expect.poll(() => router.stats().openBatches).toBe(1);
    clock.advance(400);
    await Promise.all([first, fetch(`${url}/a?second`)]);
    const items = invoker.invocations[0]!.event.batch;
    expect(items.map((item) => item.requestContext.lpr?.deadlineMs)).toEqual([
      1_003_000, 1_003_400,
    ]);
    expect(items.map((item) => item.requestContext.timeEpoch)).toEqual([1_000_000, 1_000_400]);
  });
});
