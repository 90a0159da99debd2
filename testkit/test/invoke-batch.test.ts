import {
  withBatchAdapter,
  withBatchAdapterStream,
  withNativeBatch,
  withNativeBatchStream,
} from 'lpr-lambda-adapter';
import { httpEvent, invokeBatch, invokeBatchStream, RecordingStream } from 'lpr-testkit';
import 'lpr-testkit/vitest';
import { describe, expect, it } from 'vitest';

const hello = async ({ rawPath }: { rawPath: string }) => ({ statusCode: 200, body: rawPath });

describe('invoking a batch handler', () => {
  it('drives a handler of single requests (mode B)', async () => {
    const run = await invokeBatch(withBatchAdapter(hello), ['/a', '/b']);
    expect(run).toAnswerEveryItemOnce();
    expect(run).toHaveBodyFor(run.event.batch[0]!, '/a');
    expect(run.recordOf(1)).toMatchObject({ statusCode: 200, body: '/b' });
    expect(run.recordOf(7)).toBeUndefined();
  });

  it('drives a handler of a whole batch (mode C)', async () => {
    const handler = withNativeBatch((items) =>
      items.map(({ requestId, event }) => ({
        id: requestId,
        statusCode: 200,
        body: event.rawPath,
      })),
    );
    const run = await invokeBatch(handler, [httpEvent({ path: '/a' })]);
    expect(run).toHaveRecordFor(run.event.batch[0]!, { body: '/a' });
  });

  it('gives the handler a context with the time that remains', async () => {
    const seen: number[] = [];
    const handler = withBatchAdapter(async (_event, context) => {
      seen.push(context.getRemainingTimeInMillis());
      return 'ok';
    });
    await invokeBatch(handler, 1, { remainingTimeMs: 1234, functionName: 'hello' });
    expect(seen).toEqual([1234]);
  });

  it('gives items time, unless they have a deadline that has passed', async () => {
    const handler = withBatchAdapter((_event, { signal }) => String(signal!.aborted));
    const run = await invokeBatch(handler, 1);
    expect(run).toHaveBodyFor(run.event.batch[0]!, 'false');
    const late = withBatchAdapter((_event, context) => String(context.getRemainingTimeInMillis()));
    expect((await invokeBatch(late, [{ deadlineMs: Date.now() - 1 }])).recordOf(0)).toMatchObject({
      body: '0',
    });
  });

  it('lets no handler change the event of the test, and rejects as the handler does', async () => {
    const run = await invokeBatch((event: { batch: unknown[] }) => {
      event.batch.length = 0;
      return { v: 1, responses: [] };
    }, 2);
    expect(run.event.batch).toHaveLength(2);
    expect(run).not.toAnswerEveryItemOnce();
    const failing = invokeBatch(() => Promise.reject(new Error('boom')), 1);
    await expect(failing).rejects.toThrow('boom');
  });

  it('drives streaming handlers of both modes', async () => {
    const one = await invokeBatchStream(withBatchAdapterStream(hello), ['/a', '/b']);
    expect(one).toBeValidNdjson();
    expect(one).toAnswerEveryItemOnce();
    expect(one.stream.contentType).toBe('application/x-ndjson');
    const native = withNativeBatchStream(async (items, writer) => {
      for (const { requestId } of items) await writer.head(requestId);
      for (const { requestId } of items) await writer.chunk(requestId, 'x');
      for (const { requestId } of items) await writer.end(requestId);
    });
    const two = await invokeBatchStream(native, 2);
    expect(two).toBeInterleaved();
    expect(two).toHaveFrames(two.event.batch[1]!, ['head', 'chunk', 'end']);
  });

  it('holds a handler back while its reader is slow', async () => {
    const reads: (() => void)[] = [];
    const take = () => new Promise<void>((resolve) => reads.push(resolve));
    const stream = new RecordingStream({ highWaterMark: 16, take });
    const running = invokeBatchStream(withBatchAdapterStream(hello), 3, { stream });
    while (!stream.writableFinished) {
      await new Promise(setImmediate);
      reads.shift()?.();
    }
    expect(await running).toAnswerEveryItemOnce();
    expect(stream.heldBack).toBe(true);
  });

  it('breaks after as many chunks as a test says, and keeps what came before', async () => {
    const stream = new RecordingStream({ failAfter: 1, error: new Error('gone') });
    const handler = withBatchAdapterStream(hello, { concurrency: 1 });
    await expect(invokeBatchStream(handler, 3, { stream })).rejects.toThrow('gone');
    expect(stream.chunks).toHaveLength(1);
  });

  it('fails for a handler that never ends its stream', async () => {
    const forgetful = async (_event: unknown, stream: RecordingStream) => void stream.write('x');
    await expect(invokeBatchStream(forgetful, 1)).rejects.toThrow(
      /to end its response stream before it returns$/,
    );
  });

  it('says which of the two a handler is for', async () => {
    await expect(invokeBatchStream(withBatchAdapter(hello), 1)).rejects.toThrow(
      'got an answer: a handler that returns one is for `invokeBatch`',
    );
    await expect(invokeBatch(withBatchAdapterStream(hello), 1)).rejects.toThrow(
      'got one that streams: give it to `invokeBatchStream`',
    );
    for (const invoke of [invokeBatch, invokeBatchStream]) {
      await expect(invoke(undefined as never, 1)).rejects.toThrow(
        'Expected a handler, got undefined',
      );
    }
  });
});

describe('recording stream', () => {
  it('gives its chunks as they come, and its failure after them', async () => {
    const stream = new RecordingStream();
    stream.write('a');
    stream.end('b');
    expect((await Array.fromAsync(stream)).map(String)).toEqual(['a', 'b']);
    const broken = new RecordingStream();
    broken.write('a');
    broken.destroy(new Error('boom'));
    await expect(Array.fromAsync(broken)).rejects.toThrow('boom');
    const slow = new RecordingStream({ take: () => Promise.reject(new Error('no room')) });
    slow.write('a');
    await expect(Array.fromAsync(slow)).rejects.toThrow('no room');
    expect(slow.text).toBe('a');
  });
});
