import { lambdaContext } from 'lpr-testkit';
import { describe, expect, it } from 'vitest';
import { withBatchAdapter } from '../src/buffered-handler.ts';
import type { ErrorOrigin } from '../src/options.ts';
import { withBatchAdapterStream } from '../src/streaming-handler.ts';
import { batchEvent, batchOf, itemEvent } from './support/events.ts';
import { captureLog, messageOf } from './support/log.ts';
import { PlainSink, recordsIn } from './support/sinks.ts';
import { settled, Steps } from './support/steps.ts';

const boom = new Error('boom');
const fail = () => Promise.reject(boom);

describe('onError', () => {
  it('is told of each error once, with its item, and nothing is logged', async () => {
    using log = captureLog();
    const told: [unknown, ErrorOrigin][] = [];
    const onError = (error: unknown, origin: ErrorOrigin) => void told.push([error, origin]);
    const batch = batchEvent([itemEvent('a'), { noId: true }, itemEvent('b')]);
    await withBatchAdapter(fail, { onError })(batch);
    expect(told.map(([error, { requestId }]) => [requestId, (error as Error).message])).toEqual([
      [undefined, 'Expected a `requestId`'],
      ['a', 'boom'],
      ['b', 'boom'],
    ]);
    expect(told.map(([, { event }]) => event)).toEqual([
      batch.batch[1],
      batch.batch[0],
      batch.batch[2],
    ]);
    expect(log.lines).toEqual([]);
  });

  it('is waited for', async () => {
    const steps = new Steps();
    let isDone = false;
    const onError = () => steps.wait('sent');
    const answer = withBatchAdapter(fail, { onError })(batchOf('a')).then(() => (isDone = true));
    await settled();
    expect(isDone).toBe(false);
    steps.go('sent', undefined);
    expect(await answer).toBe(true);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('no network');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no network'))],
  ])('that %s harms no item, and both errors are logged', async (_, onError) => {
    using log = captureLog();
    const { responses } = await withBatchAdapter(fail, { onError })(batchOf('a'), lambdaContext());
    expect(responses[0]?.statusCode).toBe(500);
    expect(log.lines.map((line) => [line.message, line.requestId, messageOf(line)])).toEqual([
      ['Item failed', 'a', 'boom'],
      ['onError failed', 'a', 'no network'],
    ]);
  });
});

describe('errorResponse', () => {
  it('is the answer of an item that failed, buffered and streamed', async () => {
    const options = {
      onError: () => undefined,
      errorResponse: async (error: unknown, { requestId, event }: ErrorOrigin) => ({
        statusCode: 503,
        headers: { 'retry-after': '1' },
        body: `${String(error)} ${requestId} ${(event as { rawPath: string }).rawPath}`,
      }),
    };
    const expected = {
      statusCode: 503,
      headers: { 'retry-after': '1' },
      body: 'Error: boom a /hello/a',
    };
    const { responses } = await withBatchAdapter(fail, options)(batchOf('a'));
    expect(responses[0]).toMatchObject(expected);
    const sink = new PlainSink();
    await withBatchAdapterStream(fail, options)(batchOf('a'), sink);
    expect(recordsIn(sink.chunks)).toMatchObject([{ record: expected }]);
  });

  it('is read like any answer, and used for illegal answers too', async () => {
    const errorResponse = (error: unknown) => ({ code: (error as { code: string }).code });
    const handler = withBatchAdapter(() => ({ statusCode: 42 }), {
      errorResponse,
      onError: () => undefined,
    });
    expect((await handler(batchOf('a'))).responses[0]).toMatchObject({
      statusCode: 200,
      body: '{"code":"LPR_ILLEGAL_ANSWER"}',
    });
  });

  it.each([
    ['throws', () => fail() as never],
    ['is illegal itself', () => ({ statusCode: 42 })],
  ])(
    'that %s gives way to the bare 500, and its error is reported too',
    async (_, errorResponse) => {
      const errors: unknown[] = [];
      const handler = withBatchAdapter(fail, {
        errorResponse,
        onError: (error) => errors.push(error),
      });
      expect((await handler(batchOf('a'))).responses[0]).toMatchObject({
        statusCode: 500,
        body: '{"message":"Internal Server Error"}',
      });
      expect(errors).toHaveLength(2);
      expect(errors[0]).toBe(boom);
    },
  );
});
