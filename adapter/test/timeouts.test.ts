import { lambdaContext } from 'lpr-testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseBufferedAnswer } from 'lpr-protocol';
import { withBatchAdapter } from '../src/buffered-handler.ts';
import { withNativeBatch } from '../src/native-batch.ts';
import { withNativeBatchStream } from '../src/native-stream.ts';
import { withBatchAdapterStream } from '../src/streaming-handler.ts';
import { batchOf, itemEvent } from './support/events.ts';
import { PlainSink, recordsIn, SlowSink } from './support/sinks.ts';
import { Steps } from './support/steps.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const never = () => new Promise<never>(() => undefined);

/** A handler that answers `a`, keeps the others waiting, and what it saw. */
function halfDone() {
  const signals = new Map<string, AbortSignal>();
  const errors: unknown[] = [];
  const steps = new Steps<string>();
  const handler = (
    event: { requestContext: { requestId: string } },
    context: { signal?: AbortSignal },
  ) => {
    const { requestId } = event.requestContext;
    signals.set(requestId, context.signal!);
    return requestId === 'a' ? 'done' : steps.wait(requestId);
  };
  const options = {
    concurrency: 2,
    onError: (error: unknown, { requestId }: { requestId: string | undefined }) =>
      errors.push([requestId, (error as { code: string }).code]),
  };
  return { handler, options, signals, errors, steps };
}

const TIMED_OUT = {
  statusCode: 504,
  headers: { 'content-type': 'application/json' },
  body: '{"message":"No answer in time","code":"LPR_DEADLINE_EXCEEDED","requestId":"b"}',
};

describe("before Lambda's timeout", () => {
  it('a buffered batch is answered with what is finished, and 504 for the others', async () => {
    const { handler, options, signals, errors, steps } = halfDone();
    let answer: unknown;
    void withBatchAdapter(handler, options)(
      batchOf('a', 'b', 'c', 'd'),
      lambdaContext({ remainingTimeMs: 3_000 }),
    ).then((whole) => (answer = whole));
    await vi.advanceTimersByTimeAsync(2_949);
    expect(answer).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(parseBufferedAnswer(answer)).toMatchObject({ ok: true });
    expect(answer).toMatchObject({
      responses: [
        { id: 'a', statusCode: 200 },
        { id: 'b', ...TIMED_OUT },
        { id: 'c' },
        { id: 'd' },
      ],
    });
    expect([...signals].map(([id, { aborted }]) => [id, aborted])).toEqual([
      ['a', false],
      ['b', true],
      ['c', true],
    ]);
    expect(errors).toEqual(['b', 'c', 'd'].map((id) => [id, 'LPR_DEADLINE_EXCEEDED']));
    steps.go('b', 'too late');
    steps.go('c', 'too late');
    await vi.advanceTimersByTimeAsync(0);
    expect(steps.started).toEqual(['b', 'c']);
    expect(errors).toHaveLength(3);
  });

  it('a stream is ended with 504 records, and `error` frames for answers that have begun', async () => {
    const { options, errors } = halfDone();
    async function* body(): AsyncGenerator<string> {
      yield 'x';
      await never();
    }
    const sink = new PlainSink();
    const done = withBatchAdapterStream(
      ({ requestContext: { requestId } }) =>
        ({ a: 'done', b: never(), c: { statusCode: 200, body: body() } })[requestId],
      { ...options, concurrency: 3 },
    )(batchOf('a', 'b', 'c'), sink, lambdaContext({ remainingTimeMs: 3_000 }));
    await vi.advanceTimersByTimeAsync(2_950);
    await done;
    const records = recordsIn(sink.chunks).map((result) => result.ok && result.record);
    expect(records.slice(-2)).toEqual([
      expect.objectContaining({ id: 'b', type: 'response', ...TIMED_OUT }),
      expect.objectContaining({ id: 'c', type: 'error', statusCode: 502 }),
    ]);
    expect(errors).toEqual(['b', 'c'].map((id) => [id, 'LPR_DEADLINE_EXCEEDED']));
  });

  it('nothing is written to a stream for items that finish after it has ended', async () => {
    const { handler, options, steps } = halfDone();
    const sink = new PlainSink();
    const done = withBatchAdapterStream(handler, options)(
      batchOf('a', 'b'),
      sink,
      lambdaContext({ remainingTimeMs: 3_000 }),
    );
    await vi.advanceTimersByTimeAsync(2_950);
    await done;
    steps.go('b', 'too late');
    await vi.advanceTimersByTimeAsync(0);
    expect(recordsIn(sink.chunks)).toHaveLength(2);
  });

  it('a full stream is not waited for', async () => {
    const sink = new SlowSink();
    void withBatchAdapterStream(() => 'ok')(
      batchOf('a', 'b'),
      sink,
      lambdaContext({ remainingTimeMs: 3_000 }),
    );
    await vi.advanceTimersByTimeAsync(2_950);
    expect(sink.writableEnded).toBe(true);
    expect(sink.offered).toBe(2);
    sink.destroy();
  });

  it('native handlers are not waited for either', async () => {
    const { options, errors } = halfDone();
    const { onError } = options;
    const buffered = withNativeBatch(never, { onError })(
      batchOf('b'),
      lambdaContext({ remainingTimeMs: 3_000 }),
    );
    const sink = new PlainSink();
    const streamed = withNativeBatchStream(
      async (_, writer) => {
        await writer.respond('a', 'done');
        await never();
      },
      { onError },
    )(batchOf('a', 'b'), sink, lambdaContext({ remainingTimeMs: 3_000 }));
    await vi.advanceTimersByTimeAsync(2_950);
    expect(await buffered).toMatchObject({ responses: [{ id: 'b', ...TIMED_OUT }] });
    await streamed;
    expect(recordsIn(sink.chunks)).toMatchObject([
      { record: { id: 'a', statusCode: 200 } },
      { record: { id: 'b', statusCode: 504 } },
    ]);
    expect(errors).toHaveLength(2);
  });
});

describe('timeoutMarginMs', () => {
  it.each([
    [0, 3_000],
    [500, 2_500],
    [5_000, 0],
  ])('of %i answers %i ms after the start', async (timeoutMarginMs, afterMs) => {
    let isDone = false;
    const options = { timeoutMarginMs, onError: () => undefined };
    void withBatchAdapter(never, options)(
      batchOf('b'),
      lambdaContext({ remainingTimeMs: 3_000 }),
    ).then(() => (isDone = true));
    await vi.advanceTimersByTimeAsync(Math.max(0, afterMs - 1));
    expect(isDone).toBe(afterMs === 0);
    await vi.advanceTimersByTimeAsync(1);
    expect(isDone).toBe(true);
  });
});

it("without a Lambda context nothing runs out before Lambda's longest timeout", async () => {
  const steps = new Steps<string>();
  const answer = withBatchAdapter(() => steps.wait('x'))(batchOf('a'));
  await vi.advanceTimersByTimeAsync(899_000);
  steps.go('x', 'late');
  expect((await answer).responses[0]?.body).toBe('late');
});

it('an event that is no batch is left to its handler', async () => {
  const steps = new Steps<string>();
  const answer = withBatchAdapter(() => steps.wait('x'))(
    itemEvent('a') as unknown,
    lambdaContext({ remainingTimeMs: 3_000 }),
  );
  await vi.advanceTimersByTimeAsync(10_000);
  steps.go('x', 'late');
  expect(await answer).toBe('late');
});
