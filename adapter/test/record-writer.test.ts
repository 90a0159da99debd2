import { describe, expect, it } from 'vitest';
import { withBatchAdapterStream } from '../src/streaming-handler.ts';
import { batchOf } from './support/events.ts';
import { idsIn, PlainSink, SlowSink } from './support/sinks.ts';
import { settled, Steps } from './support/steps.ts';

const IDS = Array.from({ length: 30 }, (_, index) => `r-${index}`);

describe('backpressure', () => {
  it('listens once to each event of the stream, however many items write', async () => {
    const sink = new SlowSink();
    const listeners = () =>
      ['drain', 'error', 'close', 'finish'].map((name) => sink.listenerCount(name));
    const own = listeners();
    const done = withBatchAdapterStream(() => 'ok')(batchOf(...IDS), sink);
    await settled();
    expect(sink.writableNeedDrain).toBe(true);
    expect(listeners()).toEqual(own.map((count) => count + 1));
    await drainWhile(sink, done);
    expect(sink.listenerCount('drain')).toBe(1);
  });

  it('writes one record for each time the stream drains, although all of them wait', async () => {
    const sink = new SlowSink();
    const done = withBatchAdapterStream(() => 'ok')(batchOf('a', 'b', 'c', 'd'), sink);
    await settled();
    expect([sink.offered, idsIn(sink.chunks)]).toEqual([1, ['a']]);
    sink.read();
    await settled();
    expect([sink.offered, idsIn(sink.chunks)]).toEqual([2, ['a', 'b']]);
    sink.read();
    await settled();
    expect([sink.offered, idsIn(sink.chunks)]).toEqual([3, ['a', 'b', 'c']]);
    await drainWhile(sink, done);
  });

  it('starts no item while the stream is full', async () => {
    const sink = new SlowSink();
    const started: string[] = [];
    const handler = withBatchAdapterStream(
      (event) => void started.push(event.requestContext.requestId),
      { concurrency: 1 },
    );
    const done = handler(batchOf('a', 'b', 'c'), sink);
    await settled();
    expect(started).toEqual(['a']);
    sink.read();
    await settled();
    expect(started).toEqual(['a', 'b']);
    await drainWhile(sink, done);
    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('loses and repeats nothing when everything waits', async () => {
    const sink = new SlowSink();
    await drainWhile(
      sink,
      withBatchAdapterStream(() => 'ok', { concurrency: Infinity })(batchOf(...IDS), sink),
    );
    expect(idsIn(sink.chunks)).toEqual(IDS);
  });

  it('never waits for a sink that cannot say when it has drained', async () => {
    const sink = new PlainSink();
    await withBatchAdapterStream(() => 'ok')(batchOf(...IDS), sink);
    expect(idsIn(sink.chunks)).toEqual(IDS);
  });

  it('resolves only when the stream has finished, as the runtime requires', async () => {
    const sink = new SlowSink();
    let isDone = false;
    const done = withBatchAdapterStream(() => 'ok')(batchOf('a'), sink).then(() => (isDone = true));
    await settled();
    expect(sink.writableEnded).toBe(true);
    expect(isDone).toBe(false);
    sink.read();
    await done;
    expect(sink.writableFinished).toBe(true);
  });
});

describe('a stream that is destroyed', () => {
  it('ends the invocation at once and starts no more items', async () => {
    const sink = new SlowSink();
    const steps = new Steps();
    const handler = withBatchAdapterStream((event) => steps.wait(event.requestContext.requestId), {
      concurrency: 2,
    });
    const done = handler(batchOf('a', 'b', 'c', 'd'), sink);
    await settled();
    sink.destroy();
    expect(await done).toBeUndefined();
    steps.go('a', undefined);
    steps.go('b', undefined);
    await settled();
    expect(steps.started).toEqual(['a', 'b']);
    expect(sink.chunks).toEqual([]);
  });

  it('ends the invocation while items wait for it to drain', async () => {
    const sink = new SlowSink();
    const done = withBatchAdapterStream(() => 'ok')(batchOf('a', 'b', 'c'), sink);
    await settled();
    sink.destroy();
    await done;
    await settled();
    expect([sink.offered, idsIn(sink.chunks)]).toEqual([1, ['a']]);
  });

  it('fails the invocation with its error', async () => {
    const sink = new SlowSink();
    const error = new Error('reset by peer');
    const done = withBatchAdapterStream(() => new Promise<never>(() => undefined))(
      batchOf('a'),
      sink,
    );
    await settled();
    sink.destroy(error);
    await expect(done).rejects.toBe(error);
  });

  it('runs nothing when it was destroyed before the first item', async () => {
    const sink = new SlowSink();
    sink.destroy();
    const started: string[] = [];
    await withBatchAdapterStream((event) => void started.push(event.rawPath))(batchOf('a'), sink);
    expect(started).toEqual([]);
    expect(sink.contentType).toBe('application/octet-stream');
  });

  it.each(['write', 'end'] as const)('counts as failed when its `%s` throws', async (name) => {
    const sink = new PlainSink();
    const error = new Error('gone');
    sink[name] = () => {
      throw error;
    };
    const done = withBatchAdapterStream(() => 'ok', { concurrency: 1 })(batchOf('a', 'b'), sink);
    await expect(done).rejects.toBe(error);
  });
});

/** Reads from the sink until the invocation is over. */
async function drainWhile(sink: SlowSink, done: Promise<unknown>): Promise<void> {
  while (!sink.closed) {
    sink.read();
    await settled();
  }
  await done;
}
