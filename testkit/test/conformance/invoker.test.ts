import { InvokeError } from 'lpr-router';
import type { Invoker } from 'lpr-router';
import { describe, expect, it } from 'vitest';
import { describeInvoker, fakeInvoker } from 'lpr-testkit';
import type { ConnectInvoker, FakeAnswer, FunctionScript, ReceivedInvocation } from 'lpr-testkit';

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

function unreachable(message: string, unsent = false): InvokeError {
  return new InvokeError('LPR_FUNCTION_UNREACHABLE', message, { unsent });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(unreachable('aborted')));
  });
}

function play(
  script: FunctionScript,
  payload: Uint8Array,
  mode: 'buffered' | 'stream',
  signal: AbortSignal,
): FakeAnswer {
  switch (script.type) {
    case 'buffered':
      return script.bytes;
    case 'echo':
      return mode === 'buffered' ? payload : stream([payload], async () => {});
    case 'stream':
      return stream(script.chunks, async () => {}, script.before);
    case 'function_error':
    case 'stream_error': {
      const error = new InvokeError('LPR_FUNCTION_ERROR', `${script.kind}: ${script.payload}`);
      if (script.type === 'function_error') throw error;
      return stream(script.chunks, () => Promise.reject(error));
    }
    case 'refused_by_service':
      throw refusal(script);
    case 'cut':
      if (mode === 'buffered') throw unreachable('cut');
      return stream(script.chunks, () => Promise.reject(unreachable('cut')));
    case 'stalled':
      return mode === 'buffered' ? aborted(signal) : stream(script.chunks, () => aborted(signal));
    case 'connection_refused':
      throw unreachable('refused', true);
    default:
      return script satisfies never;
  }
}

async function* stream(
  chunks: readonly Uint8Array[],
  end: () => Promise<void>,
  before?: (index: number) => Promise<void> | void,
): AsyncIterable<Uint8Array> {
  for (const [index, chunk] of chunks.entries()) {
    await before?.(index);
    yield chunk;
  }
  await end();
}

function refusal(script: Extract<FunctionScript, { type: 'refused_by_service' }>): InvokeError {
  const { status, exception, retryAfter = 0 } = script;
  if (status === 429) {
    const options = { unsent: true, retryAfterSeconds: retryAfter };
    return new InvokeError('LPR_THROTTLED', exception, options);
  }
  if (status === 413) return new InvokeError('LPR_PAYLOAD_TOO_LARGE', exception);
  return unreachable(exception);
}

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
