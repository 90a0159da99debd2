import { fakeInvoker, invocation, startLambdaEndpoint, VirtualClock } from 'lpr-testkit';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { sdkInvoker, signedInvoker, streamIdleTimeout } from '../../src/index.ts';
import type { FunctionArn, Invocation, Invoker } from '../../src/index.ts';

vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:hello' as FunctionArn;
const IDLE_MS = 1000;

/** A stream whose chunks a test hands out, and which ends when it is aborted. */
function handFed() {
  let signal: AbortSignal | undefined;
  const asked: ((result: IteratorResult<Uint8Array>) => void)[] = [];
  const next = () => new Promise<IteratorResult<Uint8Array>>((resolve) => asked.push(resolve));
  const invoker = fakeInvoker((_event, invocation) => {
    signal = invocation.signal;
    return { [Symbol.asyncIterator]: () => ({ next }) };
  });
  const value = Buffer.from('x');
  return {
    invoker,
    chunk: () => asked.shift()?.({ done: false, value }),
    end: () => asked.shift()?.({ done: true, value: undefined }),
    aborted: () => signal?.aborted,
  };
}

async function open(invoker: Invoker, clock: VirtualClock, overrides: Partial<Invocation> = {}) {
  const answer = await streamIdleTimeout(invoker, { clock, idleMs: IDLE_MS }).invoke(
    invocation({ functionArn: ARN, mode: 'stream', ...overrides }),
  );
  if (answer.type !== 'stream') throw new Error('Expected a stream');
  return answer.chunks[Symbol.asyncIterator]();
}

describe('stream idle timeout', () => {
  it.each([
    ['sdk', sdkInvoker],
    ['signed', signedInvoker],
  ] as const)('aborts a stream of the %s invoker that has stalled', async (_name, create) => {
    const chunks = [Buffer.from('one')];
    const endpoint = await startLambdaEndpoint({ type: 'stalled', chunks });
    onTestFinished(() => endpoint[Symbol.asyncDispose]());
    const invoker = create({ endpoint: endpoint.url });
    onTestFinished(() => invoker.close?.());
    const clock = new VirtualClock();
    const reader = await open(invoker, clock);
    expect((await reader.next()).done).toBe(false);
    const next = reader.next();
    clock.advance(IDLE_MS);
    await expect(next).rejects.toMatchObject({
      name: 'InvokeError',
      code: 'LPR_DEADLINE_EXCEEDED',
      unsent: false,
    });
    await endpoint.callerLeft;
  });

  it('counts from the last chunk, not from the first', async () => {
    const clock = new VirtualClock();
    const fed = handFed();
    const reader = await open(fed.invoker, clock);
    for (let chunk = 0; chunk < 5; chunk += 1) {
      const next = reader.next();
      clock.advance(IDLE_MS - 1);
      fed.chunk();
      expect((await next).done).toBe(false);
    }
    const next = reader.next();
    clock.advance(IDLE_MS - 1);
    expect(fed.aborted()).toBe(false);
    clock.advance(1);
    expect(fed.aborted()).toBe(true);
    await expect(next).rejects.toThrow('Expected a chunk within 1000 ms of the last one');
  });

  it('leaves the time before the first chunk to the deadlines', async () => {
    const clock = new VirtualClock();
    const fed = handFed();
    const reader = await open(fed.invoker, clock);
    const first = reader.next();
    clock.advance(50 * IDLE_MS);
    fed.chunk();
    expect((await first).done).toBe(false);
    expect(fed.aborted()).toBe(false);
  });

  it('does not count the time that the reader takes', async () => {
    const clock = new VirtualClock();
    const fed = handFed();
    const reader = await open(fed.invoker, clock);
    const first = reader.next();
    fed.chunk();
    await first;
    clock.advance(10 * IDLE_MS);
    const second = reader.next();
    clock.advance(IDLE_MS - 1);
    fed.chunk();
    expect((await second).done).toBe(false);
    expect(fed.aborted()).toBe(false);
  });

  it('leaves no timer behind when the stream ends or its reader leaves', async () => {
    const clock = new VirtualClock();
    for (const leave of ['end', 'return'] as const) {
      const fed = handFed();
      const reader = await open(fed.invoker, clock);
      const first = reader.next();
      fed.chunk();
      await first;
      expect(clock.pendingTimers).toBe(1);
      const last = leave === 'end' ? reader.next() : reader.return?.();
      fed.end();
      expect(await last).toEqual({ done: true, value: undefined });
      expect(clock.pendingTimers).toBe(0);
    }
  });

  it('passes the abortion of the invocation on', async () => {
    const controller = new AbortController();
    const fed = handFed();
    await open(fed.invoker, new VirtualClock(), { signal: controller.signal });
    controller.abort();
    expect(fed.aborted()).toBe(true);
  });

  it('leaves buffered invocations alone', async () => {
    const answer = { type: 'buffered', bytes: Buffer.from('{}') } as const;
    const clock = new VirtualClock();
    const invoker = streamIdleTimeout({ invoke: async () => answer }, { clock, idleMs: IDLE_MS });
    const invocation = {
      batchId: 'b-1',
      functionArn: ARN,
      mode: 'buffered',
      payload: Buffer.from('{}'),
      deadline: 0,
      signal: new AbortController().signal,
    } as const;
    expect(await invoker.invoke(invocation)).toBe(answer);
    expect(clock.pendingTimers).toBe(0);
  });
});
