import { describe, expect, it } from 'vitest';
import { batchAdapter, batchAdapterStream } from '../src/batch-adapter.ts';
import type { FirstAnswer } from '../src/first-reading.ts';
import { batchOf } from './support/events.ts';
import { captureLog } from './support/log.ts';
import { idsIn, PlainSink, SlowSink } from './support/sinks.ts';
import { settled, Steps } from './support/steps.ts';

async function answerTo(answer: unknown) {
  const { responses } = await batchAdapter(() => answer as FirstAnswer)(batchOf('a'));
  return responses[0];
}

describe('batchAdapter', () => {
  it.each<[string, unknown, object]>([
    [
      'an object without a status',
      { headers: { a: 'b' }, body: 'x' },
      { statusCode: 200, headers: { a: 'b' }, body: 'x' },
    ],
    ['an empty object', {}, { statusCode: 200, headers: {}, body: '', isBase64Encoded: false }],
    [
      'an object with a null status',
      { statusCode: null, body: 'x' },
      { statusCode: 200, body: 'x' },
    ],
    ['a status as text', { statusCode: '404' }, { statusCode: 404 }],
    ['nothing', undefined, { statusCode: 200, headers: {}, body: '' }],
    ['a body that is a number', { body: 7 }, { body: '7' }],
    [
      'a body that is a Buffer',
      { body: Buffer.from('bin') },
      { body: 'Ymlu', isBase64Encoded: true },
    ],
    [
      'headers of several types',
      { headers: { a: 1, b: true, c: null, d: undefined } },
      { headers: { a: '1', b: 'true' } },
    ],
    ['headers that are none', { headers: 'x' }, { headers: {} }],
    ['cookies', { cookies: ['a=b'] }, { cookies: ['a=b'] }],
    ['a flag that is no boolean', { body: 'eA==', isBase64Encoded: 1 }, { isBase64Encoded: true }],
    ['a string, inferred', 'hello', { statusCode: 200, body: 'hello' }],
    ['an array, inferred', [1], { statusCode: 200, body: '[1]' }],
  ])('reads %s', async (_, answer, expected) => {
    expect(await answerTo(answer)).toMatchObject(expected);
  });

  it('still answers 500 for what cannot be sent', async () => {
    using log = captureLog();
    expect(await answerTo({ statusCode: 42 })).toMatchObject({ statusCode: 500 });
    expect(await answerTo({ headers: { a: 'b\nc' } })).toMatchObject({ statusCode: 500 });
    expect(await answerTo({ body: { a: 1 } })).toMatchObject({ statusCode: 500 });
    expect(log.lines).toHaveLength(3);
  });

  it.each<[unknown, number]>([
    [undefined, 16],
    [{}, 16],
    [{ concurrency: 3 }, 3],
    [{ concurrency: 2.9 }, 2],
    [{ concurrency: '4' }, 4],
    [{ concurrency: 0 }, 1],
    [{ concurrency: -5 }, 1],
    [{ concurrency: NaN }, 1],
    [{ concurrency: 'many' }, 1],
    [{ concurrency: 2, streamifyResponse: 1 }, 2],
  ])('with the options %o starts %i items at once', async (options, count) => {
    const steps = new Steps();
    const handler = batchAdapter(
      (event) => steps.wait(event.requestContext.requestId),
      options as never,
    );
    const ids = Array.from({ length: 20 }, (_, index) => `r-${index}`);
    const answer = handler(batchOf(...ids));
    await settled();
    expect(steps.started).toHaveLength(count);
    for (const id of ids) steps.go(id, undefined);
    await answer;
  });
});

describe('batchAdapterStream', () => {
  it('streams records with the same reading and sets the content type', async () => {
    const sink = new SlowSink();
    const done = batchAdapterStream(() => ({ body: 'x' }))(batchOf('a'), sink);
    await settled();
    sink.read();
    await done;
    expect(sink.contentType).toBe('application/x-ndjson');
    expect(sink.chunks.map(String)).toEqual([
      '{"v":1,"id":"a","statusCode":200,"headers":{},"body":"x","isBase64Encoded":false}\n',
    ]);
  });

  it('writes to a sink that has only `write` and `end`', async () => {
    const sink = new PlainSink();
    await batchAdapterStream(() => undefined)(batchOf('a', 'b'), sink);
    expect(idsIn(sink.chunks)).toEqual(['a', 'b']);
    expect(sink.ended).toBe(1);
  });
});
