import { describe, expect, it } from 'vitest';
import { batchEvent, fakeInvoker, invocation, requestId } from 'lpr-testkit';
import type { FakeAnswer } from 'lpr-testkit';

const invoke = (answer: () => FakeAnswer) => {
  const invoker = fakeInvoker(answer);
  const answered = invoker.invoke(invocation({ event: batchEvent(2, '/a') }));
  return { invoker, answered };
};

describe('fake invoker', () => {
  it('remembers what it was asked, with the payload parsed', async () => {
    const { invoker, answered } = invoke(() => ({ v: 1, responses: [] }));
    await answered;
    expect(invoker.invocations).toHaveLength(1);
    expect(
      invoker.invocations[0]!.event.batch.map((item) => item.requestContext.requestId),
    ).toEqual([requestId(1), requestId(2)]);
  });

  it('answers JSON and text buffered, and what is iterated asynchronously streamed', async () => {
    const json = await invoke(() => ({ v: 1 })).answered;
    expect(json).toEqual({ type: 'buffered', bytes: Buffer.from('{"v":1}') });
    const text = await invoke(() => 'text').answered;
    expect(text).toEqual({ type: 'buffered', bytes: Buffer.from('text') });
    const streamed = await invoke(async function* () {
      yield 'one';
      yield Buffer.from('two');
    }).answered;
    expect(streamed.type).toBe('stream');
    if (streamed.type !== 'stream') return;
    expect(await Array.fromAsync(streamed.chunks)).toEqual([
      Buffer.from('one'),
      Buffer.from('two'),
    ]);
  });

  it('fails as its function throws', async () => {
    const { answered } = invoke(() => {
      throw new Error('boom');
    });
    await expect(answered).rejects.toThrow('boom');
  });
});
