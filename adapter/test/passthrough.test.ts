import { Readable } from 'node:stream';
import { lambdaContext } from 'lpr-testkit';
import { describe, expect, it } from 'vitest';
import { batchAdapter } from '../src/batch-adapter.ts';
import { withBatchAdapter } from '../src/buffered-handler.ts';
import type { ItemAnswer } from '../src/item.ts';
import { withNativeBatch } from '../src/native-batch.ts';
import { withNativeBatchStream } from '../src/native-stream.ts';
import { withBatchAdapterStream } from '../src/streaming-handler.ts';
import { batchOf, itemEvent } from './support/events.ts';
import { captureLog } from './support/log.ts';
import { PlainSink, SlowSink } from './support/sinks.ts';
import { settled } from './support/steps.ts';

/** Status and so on, and the bytes after the prelude. */
function answerIn(sink: PlainSink) {
  const bytes = Buffer.concat(sink.chunks.map((chunk) => Buffer.from(chunk as string)));
  const end = bytes.indexOf(Buffer.alloc(8));
  return {
    prelude: JSON.parse(bytes.subarray(0, end).toString()) as unknown,
    body: bytes.subarray(end + 8).toString(),
  };
}

const event: unknown = itemEvent('a');

describe('an answer to an event that is no batch', () => {
  it.each([
    [{ statusCode: 200, body: 'x' }],
    [{ hello: 'world' }],
    ['text'],
    [7],
    [undefined],
    [[1, 2]],
  ])('is returned as it is: %o', async (answer) => {
    expect(await withBatchAdapter(() => answer)(event)).toBe(answer);
    expect(await batchAdapter(() => answer)(event)).toBe(answer);
  });

  it.each<[string, ItemAnswer]>([
    ['a Response', new Response('héllo', { status: 201, headers: { 'x-a': 'b' } })],
    [
      'a streamed body',
      { statusCode: 201, headers: { 'x-a': 'b' }, body: Readable.from(['héllo']) },
    ],
  ])('is made such that Lambda can send it when it is %s', async (_, answer) => {
    const passed = JSON.parse(
      JSON.stringify(await withBatchAdapter(() => answer)(event)),
    ) as object;
    expect(passed).toMatchObject({ statusCode: 201, body: 'héllo', isBase64Encoded: false });
    expect(passed).toMatchObject({ headers: { 'x-a': 'b' } });
    expect(passed).not.toHaveProperty('id');
  });

  it('has bytes as base64', async () => {
    const answer = { statusCode: 200, body: Buffer.from([0, 255]) };
    expect(await withBatchAdapter(() => answer)(event)).toMatchObject({
      body: 'AP8=',
      isBase64Encoded: true,
    });
  });

  it('is streamed piece by piece by a streaming handler', async () => {
    const sink = new PlainSink();
    await withBatchAdapterStream(() => ({
      statusCode: 201,
      headers: { 'x-a': 1 },
      cookies: ['a=b'],
      body: ['one', '', 'two'],
    }))(event, sink, lambdaContext());
    expect(answerIn(sink)).toEqual({
      prelude: { statusCode: 201, headers: { 'x-a': '1' }, cookies: ['a=b'] },
      body: 'onetwo',
    });
    expect(sink.chunks).toHaveLength(4);
  });

  it('fails the invocation when its body fails, or its stream goes', async () => {
    async function* body(): AsyncGenerator<string> {
      yield 'x';
      throw new Error('broken');
    }
    const failing = withBatchAdapterStream(() => ({ statusCode: 200, body: body() }));
    await expect(failing(event, new PlainSink())).rejects.toThrow('broken');
    const sink = new SlowSink();
    const source = new Readable({ read: () => undefined });
    const done = withBatchAdapterStream(() => ({ statusCode: 200, body: source }))(event, sink);
    await settled();
    sink.destroy();
    await done;
    expect(source.destroyed).toBe(true);
  });
});

describe('a native handler', () => {
  it('is given an event that is no batch as one item, and its answer has no id', async () => {
    const ids: string[] = [];
    const handler = withNativeBatch((items) => {
      ids.push(...items.map(({ requestId }) => requestId));
      return items.map((item) => ({
        id: item.requestId,
        statusCode: 200,
        body: (item.event as { rawPath?: string } | null)?.rawPath ?? 'ping',
      }));
    });
    expect(await handler(event)).toEqual({
      statusCode: 200,
      headers: {},
      cookies: undefined,
      body: '/hello/a',
      isBase64Encoded: false,
    });
    for (const ping of [{ source: 'warmer' }, null, 'ping']) {
      expect(await handler(ping as unknown)).toMatchObject({ statusCode: 200 });
    }
    expect(ids).toEqual(['a', 'passed-through', 'passed-through', 'passed-through']);
  });

  it('streams it with a prelude', async () => {
    const sink = new PlainSink();
    await withNativeBatchStream(async ([item], writer) => {
      await writer.head(item!.requestId, { statusCode: 202, cookies: ['a=b'] });
      await writer.chunk(item!.requestId, 'one');
      await writer.chunk(item!.requestId, Buffer.from('two'));
      await writer.end(item!.requestId);
    })(event, sink);
    expect(answerIn(sink)).toEqual({
      prelude: { statusCode: 202, headers: {}, cookies: ['a=b'] },
      body: 'onetwo',
    });
  });

  it('answers an error before the head, and fails the invocation after it', async () => {
    const sink = new PlainSink();
    await withNativeBatchStream(async ([item], writer) => {
      await writer.error(item!.requestId, { statusCode: 503, message: 'busy' });
    })(event, sink);
    expect(answerIn(sink)).toEqual({
      prelude: { statusCode: 503, headers: { 'content-type': 'application/json' } },
      body: '{"message":"busy","code":"LPR_FUNCTION_ERROR"}',
    });
    const late = withNativeBatchStream(async ([item], writer) => {
      await writer.chunk(item!.requestId, 'x');
      await writer.error(item!.requestId, { message: 'broken' });
    });
    await expect(late(event, new PlainSink())).rejects.toThrow('broken');
  });

  it('that leaves it unanswered gets its 502', async () => {
    using log = captureLog();
    expect(await withNativeBatch(() => [])(event)).toMatchObject({ statusCode: 502 });
    const sink = new PlainSink();
    await withNativeBatchStream(() => undefined)(event, sink);
    expect(answerIn(sink).prelude).toMatchObject({ statusCode: 502 });
    expect(log.lines).toHaveLength(2);
  });
});

describe('passthrough: false', () => {
  const options = { passthrough: false };
  it.each<[string, unknown]>([
    ['withBatchAdapter', withBatchAdapter(() => 'ok', options)],
    ['withBatchAdapterStream', withBatchAdapterStream(() => 'ok', options)],
    ['withNativeBatch', withNativeBatch(() => [], options)],
    ['withNativeBatchStream', withNativeBatchStream(() => undefined, options)],
  ])('%s refuses an event that is no batch', async (name, wrapped) => {
    const handler = wrapped as (event: unknown, second: unknown) => Promise<unknown>;
    const second = name.endsWith('Stream') ? new PlainSink() : undefined;
    await expect(handler(event, second)).rejects.toMatchObject({ code: 'LPR_NOT_A_BATCH' });
    expect(second?.chunks ?? []).toEqual([]);
  });

  it('still answers batches', async () => {
    const { responses } = await withBatchAdapter(() => 'ok', options)(batchOf('a'));
    expect(responses).toHaveLength(1);
  });
});
