import type { Invocation, Invoker } from 'lpr-router';
import { describe, expect, it } from 'vitest';
import { describeInvoker, fakeInvoker } from 'lpr-testkit';
import type { ConnectInvoker, ReceivedInvocation } from 'lpr-testkit';
import { Activity, WatchedClock } from '../../src/test-router/activity.ts';
import { TestInvoker } from '../../src/test-router/test-invoker.ts';
import { play, unreachable } from './scripted-function.ts';

/** A fake function that does what a script says. */
const connectFake: ConnectInvoker = async (script) => {
  const received: ReceivedInvocation[] = [];
  const left = Promise.withResolvers<void>();
  const invoker = fakeInvoker((_event, { functionArn, mode, payload, tenantId, signal }) => {
    signal.addEventListener('abort', () => left.resolve());
    if (signal.aborted) throw unreachable('aborted');
    received.push({ functionName: functionArn, mode, payload, tenantId });
    return play(script, payload, mode, signal);
  });
  return { invoker, received, callerLeft: left.promise, close: async () => {} };
};

/** The invoker of a test router, whose handler does what a script says. */
const connectTestInvoker: ConnectInvoker = async (script) => {
  const received: ReceivedInvocation[] = [];
  const left = Promise.withResolvers<void>();
  const activity = new Activity();
  const calls: Invocation[] = [];
  const inner = new TestInvoker({
    clock: new WatchedClock(activity),
    activity,
    onUnexpected: () => {},
    handlers: {
      hello: () => {
        const { payload, mode, signal } = calls.at(-1)!;
        return play(script, payload, mode, signal);
      },
    },
  });
  const invoker: Invoker = {
    invoke(call) {
      const { functionArn: functionName, mode, payload, tenantId, signal } = call;
      signal.addEventListener('abort', () => left.resolve());
      calls.push(call);
      if (!signal.aborted) received.push({ functionName, mode, payload, tenantId });
      return inner.invoke(call);
    },
  };
  return { invoker, received, callerLeft: left.promise, close: async () => {} };
};

describeInvoker('test router', connectTestInvoker, { describe, it });
describeInvoker('fake', connectFake, { describe, it });

/** Runs the suite over an invoker without a runner; gives the titles of what failed. */
async function failuresOf(wrap: (invoker: Invoker) => Invoker): Promise<string[]> {
  const cases: { title: string; body: () => Promise<void> }[] = [];
  const connect: ConnectInvoker = async (script) => {
    const connected = await connectFake(script);
    return { ...connected, invoker: wrap(connected.invoker) };
  };
  describeInvoker('broken', connect, {
    describe: (_name, body) => body(),
    it: (title, body) => cases.push({ title, body }),
  });
  const failed: string[] = [];
  for (const { title, body } of cases) await body().catch(() => failed.push(title));
  return failed;
}

describe('conformance suite', () => {
  it('passes what conforms', async () => {
    expect(await failuresOf((invoker) => invoker)).toEqual([]);
  });

  it('finds an invoker that replays', async () => {
    const failed = await failuresOf((invoker) => ({
      invoke: (invocation) =>
        invoker.invoke(invocation).catch((error: unknown) => {
          if (invocation.signal.aborted) throw error;
          return invoker.invoke(invocation);
        }),
    }));
    expect(failed).toContain(
      'does not send again what the service refused with 500, nor calls it unsent',
    );
    expect(failed).toContain(
      'does not send again, nor calls unsent, what was cut before the answer',
    );
  });

  it('finds an invoker that takes a cut stream for a whole one', async () => {
    const failed = await failuresOf((invoker) => ({
      async invoke(invocation) {
        const answer = await invoker.invoke(invocation);
        if (answer.type === 'buffered') return answer;
        return { ...answer, chunks: quietly(answer.chunks) };
      },
    }));
    expect(failed).toContain('tells a stream that is cut from one that has ended');
  });

  it('finds an invoker that loses the tenant', async () => {
    const failed = await failuresOf((invoker) => ({
      invoke: ({ tenantId: _tenantId, ...invocation }) => invoker.invoke(invocation),
    }));
    expect(failed).toEqual([
      'sends the payload, the ARN with its qualifier and the tenant to the function',
    ]);
  });
});

async function* quietly(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* chunks;
  } catch {
    // What a careless implementation does.
  }
}
