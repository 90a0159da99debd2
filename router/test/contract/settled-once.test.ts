import { InvokeError } from 'lpr-router';
import { VirtualClock } from 'lpr-testkit';
import { describe, expect, test, vi } from 'vitest';
import { echo, gate, operation, startRouter } from '../support/router.ts';
import { idle, settledRequests } from './observe.ts';
import { WAIT } from './raw-client.ts';

const paths = { '/a': { get: operation({ maxWaitMs: 0, timeoutMs: 5000 }) } };

/** A router whose function answers as soon as the gate opens. */
async function waitingFunction(fails = false) {
  const { open, opened } = gate();
  const clock = new VirtualClock();
  const set = await startRouter({
    paths,
    clock,
    async answer(event, invocation) {
      await opened;
      if (fails) throw new InvokeError('LPR_FUNCTION_ERROR', 'broke');
      return echo(event, invocation);
    },
  });
  const { router, invoker } = set;
  const invoked = () => vi.waitFor(() => expect(invoker.invocations).toHaveLength(1), WAIT);
  return { ...set, clock, open, invoked, settled: settledRequests(router) };
}

describe('every request is settled once (wire contract 3.1)', () => {
  test('by its answer, whatever its deadline does later', async () => {
    const { url, router, clock, open, settled } = await waitingFunction();
    open();
    expect((await fetch(`${url}/a`)).status).toBe(200);
    await idle(router);
    clock.advance(10_000);
    expect(settled).toMatchObject([{ status: 200, failure: undefined, cancelled: undefined }]);
    expect(clock.pendingTimers).toBe(0);
  });

  test('by its deadline, whatever the function answers later', async () => {
    const { url, router, clock, open, invoked, settled } = await waitingFunction();
    const answer = fetch(`${url}/a`);
    await invoked();
    clock.advance(5000);
    expect((await answer).status).toBe(504);
    open();
    await idle(router);
    expect(settled).toMatchObject([{ status: 504, failure: 'LPR_DEADLINE_EXCEEDED' }]);
  });

  test("by its client's leaving, whatever comes later", async () => {
    const { url, router, clock, open, invoked, settled } = await waitingFunction();
    const controller = new AbortController();
    const answer = fetch(`${url}/a`, { signal: controller.signal });
    await invoked();
    controller.abort();
    await expect(answer).rejects.toThrow('aborted');
    await vi.waitFor(() => expect(settled).toHaveLength(1), WAIT);
    clock.advance(5000);
    open();
    await idle(router);
    expect(settled).toMatchObject([{ status: undefined, cancelled: 'in_flight' }]);
  });

  test('by the failure of its invocation, whatever its deadline does later', async () => {
    const { url, router, clock, open, settled } = await waitingFunction(true);
    open();
    expect((await fetch(`${url}/a`)).status).toBe(502);
    await idle(router);
    clock.advance(10_000);
    expect(settled).toMatchObject([{ status: 502, failure: 'LPR_FUNCTION_ERROR' }]);
  });
});
