import { lambdaContext } from 'lpr-testkit';
import { describe, expect, it } from 'vitest';
import { withNativeBatchStream } from '../src/native-stream.ts';
import type { NativeStreamHandler } from '../src/native-stream.ts';
import type { ErrorOrigin } from '../src/options.ts';
import { batchOf } from './support/events.ts';
import { PlainSink, recordsIn, SlowSink } from './support/sinks.ts';
import { settled, Steps } from './support/steps.ts';

const AWS_REQUEST_ID = lambdaContext().awsRequestId;

/** What a handler writes, as the router reads it, and the errors. */
async function run(handler: NativeStreamHandler, batch = batchOf('a', 'b')) {
  const errors: unknown[] = [];
  const onError = (error: unknown, { requestId }: ErrorOrigin) =>
    void errors.push([requestId, (error as { code?: string }).code ?? String(error)]);
  const sink = new PlainSink();
  await withNativeBatchStream(handler, { onError })(batch, sink, lambdaContext());
  const results = recordsIn(sink.chunks);
  expect(results.every(({ ok }) => ok)).toBe(true);
  expect(sink.ended).toBe(1);
  const records = results.flatMap((result) => (result.ok ? [result.record] : []));
  return { records, errors, kinds: records.map(({ id, type }) => `${id} ${type}`) };
}

describe('withNativeBatchStream', () => {
  it('writes what the writer is told, any number of answers at once', async () => {
    const { records, errors } = await run(async (items, writer, context) => {
      expect(items.map(({ requestId }) => requestId)).toEqual(['a', 'b']);
      expect(context.awsRequestId).toBe(AWS_REQUEST_ID);
      await writer.head('a', { statusCode: 201, headers: { 'x-a': true }, cookies: ['a=b'] });
      await writer.respond('b', { hello: 'world' });
      await writer.chunk('a', 'one');
      await writer.chunk('a', Buffer.from([255]));
      await writer.end('a');
    });
    expect(records).toEqual([
      { type: 'head', id: 'a', statusCode: 201, headers: { 'x-a': 'true' }, cookies: ['a=b'] },
      expect.objectContaining({ type: 'response', id: 'b', body: '{"hello":"world"}' }),
      { type: 'chunk', id: 'a', body: 'one', isBase64Encoded: false },
      { type: 'chunk', id: 'a', body: '/w==', isBase64Encoded: true },
      { type: 'end', id: 'a' },
    ]);
    expect(errors).toEqual([]);
  });

  it('needs no `await`: order is kept, and what has begun is finished', async () => {
    const sink = new SlowSink();
    const done = withNativeBatchStream((_, writer) => {
      void writer.chunk('a', '1');
      void writer.chunk('a', '2');
      void writer.respond('b', { statusCode: 200, body: ['x', 'y'] });
      void writer.chunk('a', '3');
      void writer.end('a');
    })(batchOf('a', 'b'), sink);
    while (!sink.closed) {
      await settled();
      sink.read();
    }
    await done;
    const ofA = recordsIn(sink.chunks).flatMap(({ ok, ...rest }) =>
      ok && 'record' in rest && rest.record.id === 'a'
        ? [rest.record.type === 'chunk' ? rest.record.body : rest.record.type]
        : [],
    );
    expect(ofA).toEqual(['1', '2', '3', 'end']);
    expect(sink.chunks).toHaveLength(8);
  });

  it('answers with whatever an item handler may, a Response too', async () => {
    const { kinds, errors } = await run(async (_, writer) => {
      await writer.respond('a', new Response('x'));
      await writer.respond('b', 'text');
    });
    expect(kinds).toEqual(['a head', 'a chunk', 'a end', 'b response']);
    expect(errors).toEqual([]);
  });

  it('tells the caller what `error` says before the head, and breaks off after it', async () => {
    const { records } = await run(async (_, writer) => {
      await writer.error('a', { statusCode: 503, message: 'busy' });
      await writer.chunk('b', 'x');
      await writer.error('b');
    });
    expect(records.filter(({ type }) => type === 'error')).toEqual([
      { type: 'error', id: 'a', statusCode: 503, message: 'busy' },
      { type: 'error', id: 'b', statusCode: 502, message: 'The function reported an error' },
    ]);
  });

  it.each<[string, NativeStreamHandler, string[], unknown[]]>([
    [
      'a second answer',
      async (_, w) => {
        await w.respond('a', 1);
        await w.respond('a', 2);
      },
      ['a response'],
      [['a', 'LPR_ILLEGAL_ORDER']],
    ],
    [
      'a second head',
      async (_, w) => {
        await w.head('a');
        await w.head('a');
        await w.end('a');
      },
      ['a head', 'a end'],
      [['a', 'LPR_ILLEGAL_ORDER']],
    ],
    [
      'an answer after a head',
      async (_, w) => {
        await w.head('a');
        await w.respond('a', 1);
        await w.end('a');
      },
      ['a head', 'a end'],
      [['a', 'LPR_ILLEGAL_ORDER']],
    ],
    [
      'frames after the end',
      async (_, w) => {
        await w.end('a');
        await w.chunk('a', 'x');
        await w.end('a');
        await w.error('a');
      },
      ['a end'],
      [
        ['a', 'LPR_ILLEGAL_ORDER'],
        ['a', 'LPR_ILLEGAL_ORDER'],
        ['a', 'LPR_ILLEGAL_ORDER'],
      ],
    ],
    [
      'unknown ids',
      async (_, w) => {
        await w.respond('x', 1);
        await w.chunk('y', 'x');
        await w.respond('a', 1);
      },
      ['a response'],
      [
        [undefined, 'LPR_UNKNOWN_ID'],
        [undefined, 'LPR_UNKNOWN_ID'],
      ],
    ],
    [
      'an illegal head, with a 500',
      async (_, w) => {
        await w.head('a', { statusCode: 42 });
        await w.chunk('a', 'x');
      },
      ['a response'],
      [
        ['a', 'LPR_ILLEGAL_ANSWER'],
        ['a', 'LPR_ILLEGAL_ORDER'],
      ],
    ],
    [
      'an illegal chunk, breaking off',
      async (_, w) => {
        await w.head('a');
        await w.chunk('a', 7 as never);
      },
      ['a head', 'a error'],
      [['a', 'LPR_ILLEGAL_ANSWER']],
    ],
  ])('reports and drops %s', async (_, handler, kinds, errors) => {
    const seen = await run(handler, batchOf('a'));
    expect([seen.kinds, seen.errors]).toEqual([kinds, errors]);
  });

  it('ends what the handler left open: 502 without a head, broken off with one', async () => {
    const { records, errors } = await run((_, writer) => writer.chunk('a', 'x'));
    expect(records).toMatchObject([
      { type: 'chunk' },
      { type: 'error', id: 'a' },
      { type: 'response', id: 'b', statusCode: 502 },
    ]);
    expect(errors).toEqual([
      ['a', 'LPR_MISSING_RESPONSE'],
      ['b', 'LPR_MISSING_RESPONSE'],
    ]);
  });

  it('when the handler fails, reports it once, answers 500 and breaks off what has begun', async () => {
    const { kinds, errors, records } = await run(async (_, writer) => {
      await writer.chunk('a', 'x');
      throw new Error('database');
    });
    expect(kinds).toEqual(['a chunk', 'a error', 'b response']);
    expect(records[2]).toMatchObject({ statusCode: 500 });
    expect(errors).toEqual([[undefined, 'Error: database']]);
  });

  it('holds the handler back while the stream is full', async () => {
    const sink = new SlowSink();
    const steps: string[] = [];
    const done = withNativeBatchStream(async (_, writer) => {
      for (const body of ['1', '2', '3']) {
        await writer.chunk('a', body);
        steps.push(body);
      }
      await writer.end('a');
    })(batchOf('a'), sink);
    await settled();
    expect(steps).toEqual(['1']);
    sink.read();
    await settled();
    expect(steps).toEqual(['1', '2']);
    while (!sink.closed) {
      sink.read();
      await settled();
    }
    await done;
  });

  it('ends the invocation at once when the stream is destroyed, aborts the items and drops what comes later', async () => {
    const sink = new SlowSink();
    const steps = new Steps();
    const errors: unknown[] = [];
    let signal: AbortSignal | undefined;
    const done = withNativeBatchStream(
      async (items, writer) => {
        signal = items[0]?.signal;
        await steps.wait('stuck');
        await writer.respond('a', 'late');
        await writer.chunk('b', 'late');
        await writer.end('b');
      },
      { onError: (error) => errors.push(error) },
    )(batchOf('a', 'b'), sink);
    await settled();
    sink.destroy();
    await done;
    expect(signal?.reason).toMatchObject({ code: 'LPR_STREAM_CLOSED' });
    steps.go('stuck', undefined);
    await settled();
    expect(sink.chunks).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('is tagged as streaming and may have three parameters', () => {
    const handler = withNativeBatchStream(async (_items, _writer, _context) => undefined);
    const tag = Symbol.for('aws.lambda.runtime.handler.streaming');
    expect((handler as unknown as Record<symbol, unknown>)[tag]).toBe('response');
    expect(handler.length).toBeLessThanOrEqual(2);
  });
});
