import { Readable } from 'node:stream';
import { lambdaContext } from 'lpr-testkit';
import { describe, expect, it, vi } from 'vitest';
import { parseRecord } from 'lpr-protocol';
import { AdapterError } from '../src/errors.ts';
import type { ItemAnswer } from '../src/item.ts';
import { withBatchAdapterStream } from '../src/streaming-handler.ts';
import { batchEvent, batchOf, itemEvent } from './support/events.ts';
import { captureLog, messageOf } from './support/log.ts';
import { PlainSink, SlowSink } from './support/sinks.ts';
import { settled, Steps } from './support/steps.ts';

const framesIn = (sink: { readonly chunks: readonly (string | Uint8Array)[] }) =>
  sink.chunks.map((line) => {
    const { v, ...frame } = JSON.parse(String(line)) as Record<string, unknown>;
    expect(v).toBe(1);
    expect(parseRecord({ v, ...frame })).toMatchObject({ ok: true });
    return frame;
  });

async function framesOf(answer: ItemAnswer, interleaved?: boolean | 'auto') {
  const sink = new PlainSink();
  await withBatchAdapterStream(() => answer, { interleaved })(batchOf('a'), sink);
  return framesIn(sink);
}

const streamed = () => ({
  statusCode: 201,
  headers: { 'x-a': 1 },
  cookies: ['a=b'],
  body: ['one', '', Buffer.from([255])],
});
const FRAMES = [
  { type: 'head', id: 'a', statusCode: 201, headers: { 'x-a': '1' }, cookies: ['a=b'] },
  { type: 'chunk', id: 'a', body: 'one', isBase64Encoded: false },
  { type: 'chunk', id: 'a', body: '', isBase64Encoded: false },
  { type: 'chunk', id: 'a', body: '/w==', isBase64Encoded: true },
  { type: 'end', id: 'a' },
];
const RECORD = { id: 'a', statusCode: 200, headers: {}, body: 'x', isBase64Encoded: false };

describe('interleaved', () => {
  it.each(['auto', undefined, true] as const)(
    'makes frames of a streamed body, none merged, when it is %s',
    async (interleaved) => {
      expect(await framesOf(streamed(), interleaved)).toEqual(FRAMES);
    },
  );

  it('collects a streamed body when it is false', async () => {
    const frames = await framesOf(streamed(), false);
    expect(frames).toEqual([
      {
        id: 'a',
        statusCode: 201,
        headers: { 'x-a': '1' },
        cookies: ['a=b'],
        body: 'b25l/w==',
        isBase64Encoded: true,
      },
    ]);
  });

  it('makes one record of any other body when it is "auto"', async () => {
    expect(await framesOf({ statusCode: 200, body: 'x' }, 'auto')).toEqual([RECORD]);
  });

  it('makes frames of every body when it is true', async () => {
    expect(await framesOf({ statusCode: 200, body: 'x' }, true)).toEqual([
      { type: 'head', id: 'a', statusCode: 200, headers: {} },
      { type: 'chunk', id: 'a', body: 'x', isBase64Encoded: false },
      { type: 'end', id: 'a' },
    ]);
    expect(await framesOf({ statusCode: 204 }, true)).toEqual([
      { type: 'head', id: 'a', statusCode: 204, headers: {} },
      { type: 'end', id: 'a' },
    ]);
  });

  it('writes the head before the body has anything, and each chunk as it comes', async () => {
    const steps = new Steps<string>();
    async function* body(): AsyncGenerator<string> {
      yield await steps.wait('first');
      yield await steps.wait('second');
    }
    const sink = new PlainSink();
    const done = withBatchAdapterStream((event) =>
      event.requestContext.requestId === 'a' ? { statusCode: 200, body: body() } : 'plain',
    )(batchOf('a', 'b'), sink);
    const types = () => framesIn(sink).map(({ type, id }) => `${String(id)} ${String(type)}`);
    await settled();
    expect(types()).toEqual(expect.arrayContaining(['a head', 'b undefined']));
    steps.go('first', '1');
    await settled();
    expect(types().at(-1)).toBe('a chunk');
    steps.go('second', '2');
    await done;
    expect(types().slice(-2)).toEqual(['a chunk', 'a end']);
  });

  it('reads a body no faster than the stream takes it', async () => {
    let read = 0;
    function* body(): Generator<string> {
      for (; read < 50; read += 1) yield 'x';
    }
    const sink = new SlowSink();
    const done = withBatchAdapterStream(() => ({ statusCode: 200, body: body() }))(
      batchOf('a'),
      sink,
    );
    await settled();
    expect(read).toBeLessThan(3);
    sink.read();
    await settled();
    expect(read).toBeLessThan(4);
    while (!sink.closed) {
      sink.read();
      await settled();
    }
    await done;
    expect(sink.chunks).toHaveLength(52);
  });

  it('ends an answer whose body fails after its head with an `error` frame, and reports it', async () => {
    using log = captureLog();
    async function* body(): AsyncGenerator<string> {
      yield 'part';
      throw new Error('secret');
    }
    const sink = new PlainSink();
    await withBatchAdapterStream((event) =>
      event.requestContext.requestId === 'a' ? { statusCode: 200, body: body() } : 'fine',
    )(batchOf('a', 'b'), sink);
    const frames = framesIn(sink);
    expect(frames.filter(({ id }) => id === 'a').map(({ type }) => type)).toEqual([
      'head',
      'chunk',
      'error',
    ]);
    expect(frames).toContainEqual(expect.objectContaining({ id: 'b', body: 'fine' }));
    expect(sink.chunks.join('')).not.toContain('secret');
    expect(log.lines.map((line) => [line.requestId, messageOf(line)])).toEqual([['a', 'secret']]);
  });

  it('answers 500 when the head or a whole body is illegal, before anything is written', async () => {
    using log = captureLog();
    expect(await framesOf({ statusCode: 42, body: ['x'] })).toMatchObject([{ statusCode: 500 }]);
    expect(await framesOf({ statusCode: 200, body: 7 as never }, true)).toMatchObject([
      { type: 'head', statusCode: 500 },
      { type: 'chunk' },
      { type: 'end' },
    ]);
    expect(log.lines).toHaveLength(2);
  });

  it('with the first names makes frames of everything or of nothing', async () => {
    const { batchAdapterStream } = await import('../src/batch-adapter.ts');
    const kinds: unknown[][] = [];
    for (const options of [{}, { interleaved: true }]) {
      const sink = new PlainSink();
      await batchAdapterStream(() => ({ body: 'x' }), options)(batchOf('a'), sink);
      kinds.push(framesIn(sink).map(({ type }) => type));
    }
    expect(kinds).toEqual([[undefined], ['head', 'chunk', 'end']]);
  });
});

describe('a stream that is destroyed while bodies are read', () => {
  it('aborts the items, gives up their bodies and reports nothing', async () => {
    using log = captureLog();
    const signals: AbortSignal[] = [];
    const body = new Readable({ read: () => undefined });
    const sink = new SlowSink();
    const done = withBatchAdapterStream((_, { signal }) => {
      signals.push(signal!);
      return { statusCode: 200, body };
    })(batchOf('a'), sink);
    await settled();
    sink.destroy();
    await done;
    await settled();
    expect(signals[0]?.reason).toMatchObject({ code: 'LPR_STREAM_CLOSED' });
    expect(body.destroyed).toBe(true);
    expect(log.lines).toEqual([]);
  });

  it("aborts with the stream's error when it has one, and the handler's own reports are kept", async () => {
    using log = captureLog();
    const gone = new Error('reset by peer');
    const sink = new SlowSink();
    const done = withBatchAdapterStream(async (event, { signal }) => {
      await new Promise((resolve) => signal!.addEventListener('abort', resolve));
      throw event.requestContext.requestId === 'a' ? signal!.reason : new Error('its own');
    })(batchOf('a', 'b'), sink);
    await settled();
    sink.destroy(gone);
    await expect(done).rejects.toBe(gone);
    await settled();
    expect(log.lines.map((line) => [line.requestId, messageOf(line)])).toEqual([['b', 'its own']]);
  });
});

describe("an item's deadline", () => {
  const dueIn = (deadlineMs: number) => {
    const event = itemEvent('a');
    return batchEvent([
      { ...event, requestContext: { ...event.requestContext, lpr: { deadlineMs } } },
    ]);
  };

  it('aborts its signal, unless its head has been written', async () => {
    vi.useFakeTimers();
    try {
      const signals: AbortSignal[] = [];
      const steps = new Steps();
      async function* body(): AsyncGenerator<string> {
        await steps.wait('body');
        yield 'x';
      }
      const handler = withBatchAdapterStream(async (_, { signal }) => {
        signals.push(signal!);
        if (signals.length === 1) await steps.wait('answer');
        return { statusCode: 200, body: body() };
      });
      const sinks = [new PlainSink(), new PlainSink()];
      const first = handler(dueIn(Date.now() + 1_000), sinks[0]!, lambdaContext());
      await vi.advanceTimersByTimeAsync(0);
      const second = handler(dueIn(Date.now() + 1_000), sinks[1]!, lambdaContext());
      await vi.advanceTimersByTimeAsync(1_500);
      expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
      expect(signals[0]?.reason).toBeInstanceOf(AdapterError);
      expect(signals[0]?.reason).toMatchObject({ code: 'LPR_DEADLINE_EXCEEDED' });
      steps.go('answer', undefined);
      steps.go('body', undefined);
      await Promise.all([first, second]);
      expect(framesIn(sinks[0]!).at(-1)).toEqual({ type: 'end', id: 'a' });
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('that has passed aborts its signal at once; one far away sets no impossible timer', async () => {
    vi.useFakeTimers();
    try {
      const states: boolean[] = [];
      const handler = withBatchAdapterStream(async (_, { signal }) => {
        await vi.advanceTimersByTimeAsync(1);
        states.push(signal!.aborted);
      });
      await handler(dueIn(1), new PlainSink());
      await handler(dueIn(Number.MAX_SAFE_INTEGER), new PlainSink());
      expect(states).toEqual([true, false]);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
