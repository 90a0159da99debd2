import { invocation, VirtualClock } from 'lpr-testkit';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { channels, InvokeError, RetryBudget, retryUnsent } from '../../src/index.ts';
import type { FunctionArn, Invocation, InvokeAnswer, Invoker } from '../../src/index.ts';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:hello' as FunctionArn;
const ANSWER: InvokeAnswer = { type: 'buffered', bytes: Buffer.from('{}') };
const throttle = (retryAfterSeconds?: number) =>
  new InvokeError('LPR_THROTTLED', 'throttled', {
    unsent: true,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });

/** An invoker that fails with these, one after the other, then answers. */
function failing(...errors: Error[]) {
  let calls = 0;
  const invoker: Invoker = {
    async invoke() {
      const error = errors[calls];
      calls += 1;
      if (error) throw error;
      return ANSWER;
    },
  };
  return { invoker, calls: () => calls };
}

function setUp(invoker: Invoker, options: Partial<Parameters<typeof retryUnsent>[1]> = {}) {
  const clock = new VirtualClock();
  const retrying = retryUnsent(invoker, { clock, random: () => 0.5, ...options });
  const invoke = (overrides: Partial<Invocation> = {}) =>
    retrying.invoke(invocation({ functionArn: ARN, deadline: clock.now() + 10_000, ...overrides }));
  /** Advances the clock whenever the wrapper waits, and tells for how long it waited. */
  const settle = async (invoked: Promise<unknown>) => {
    const startMs = clock.now();
    const state = { over: false };
    void Promise.allSettled([invoked]).then(() => (state.over = true));
    while (!state.over) {
      if (clock.pendingTimers > 0) clock.advance(1);
      await Promise.resolve();
    }
    return clock.now() - startMs;
  };
  return { clock, retrying, invoke, settle };
}

describe('retry of what did not run', () => {
  it('sends a throttled invocation again, after waits that double', async () => {
    const { invoker, calls } = failing(throttle(), throttle());
    const { invoke, settle } = setUp(invoker);
    const invoked = invoke();
    expect(await settle(invoked)).toBe(25 + 50);
    expect(await invoked).toBe(ANSWER);
    expect(calls()).toBe(3);
  });

  it('gives the error itself after two retries', async () => {
    const errors = [throttle(), throttle(), throttle()];
    const { invoker, calls } = failing(...errors);
    const { invoke, settle } = setUp(invoker);
    const invoked = invoke();
    await settle(invoked);
    await expect(invoked).rejects.toBe(errors[2]);
    expect(calls()).toBe(3);
  });

  it.each([
    [0, 1],
    [1, 2],
    [4, 5],
  ])('retries %i times when the invocation says so', async (retries, expected) => {
    const { invoker, calls } = failing(...Array.from({ length: 9 }, () => throttle()));
    const { invoke, settle } = setUp(invoker);
    const invoked = invoke({ retries });
    await settle(invoked);
    await expect(invoked).rejects.toMatchObject({ code: 'LPR_THROTTLED' });
    expect(calls()).toBe(expected);
  });

  it.each([
    new InvokeError('LPR_FUNCTION_ERROR', 'failed'),
    new InvokeError('LPR_FUNCTION_UNREACHABLE', 'reset'),
    new Error('anything else'),
  ])('never sends again what may have run: $message', async (error) => {
    const { invoker, calls } = failing(error);
    const { invoke } = setUp(invoker);
    await expect(invoke()).rejects.toBe(error);
    expect(calls()).toBe(1);
  });

  it('waits as long as the service asks', async () => {
    const { invoker } = failing(throttle(3));
    const { invoke, settle } = setUp(invoker);
    const invoked = invoke();
    expect(await settle(invoked)).toBe(3000);
    expect(await invoked).toBe(ANSWER);
  });

  it('does not wait past the deadline', async () => {
    const error = throttle(3);
    const { invoker, calls } = failing(error);
    const { invoke, clock } = setUp(invoker);
    await expect(invoke({ deadline: clock.now() + 3000 })).rejects.toBe(error);
    expect(calls()).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('stops waiting when nobody waits for the answer', async () => {
    const error = throttle();
    const { invoker, calls } = failing(error);
    const { invoke, clock } = setUp(invoker);
    const controller = new AbortController();
    const invoked = invoke({ signal: controller.signal });
    await vi.waitUntil(() => clock.pendingTimers === 1);
    controller.abort();
    await expect(invoked).rejects.toBe(error);
    expect(clock.pendingTimers).toBe(0);
    expect(calls()).toBe(1);
  });

  it('gives the error when the budget is spent', async () => {
    const { invoker, calls } = failing(throttle(), throttle());
    const budget = new RetryBudget({ share: 0, minPerSecond: 1 });
    const { invoke, settle } = setUp(invoker, { budget });
    const invoked = invoke();
    await settle(invoked);
    await expect(invoked).rejects.toMatchObject({ code: 'LPR_THROTTLED' });
    expect(calls()).toBe(2);
  });

  it('tells of each retry before it waits', async () => {
    const messages: unknown[] = [];
    const listener = (message: unknown) => void messages.push(message);
    channels.invocationRetried.subscribe(listener);
    onTestFinished(() => channels.invocationRetried.unsubscribe(listener));
    const errors = [throttle(), throttle()];
    const { invoke, settle } = setUp(failing(...errors).invoker, { routerId: 'r' });
    await settle(invoke());
    const about = { routerId: 'r', batchId: 'b-1', functionArn: ARN, code: 'LPR_THROTTLED' };
    expect(messages).toEqual([
      { ...about, attempt: 1, delayMs: 25, error: errors[0] },
      { ...about, attempt: 2, delayMs: 50, error: errors[1] },
    ]);
  });

  it('closes the invoker that it wraps', async () => {
    const close = vi.fn<() => Promise<void>>();
    const { retrying } = setUp({ ...failing().invoker, close });
    await retrying.close?.();
    expect(close).toHaveBeenCalledOnce();
  });
});
