import { lambdaContext } from 'lpr-testkit';
import { describe, expect, it } from 'vitest';
import { parseBufferedAnswer } from 'lpr-protocol';
import { currentItem } from '../src/current-item.ts';
import { withNativeBatch } from '../src/native-batch.ts';
import type { NativeAnswer, NativeHandler } from '../src/native-batch.ts';
import type { ErrorOrigin } from '../src/options.ts';
import { batchEvent, batchOf, itemEvent } from './support/events.ts';
import { captureLog, messageOf } from './support/log.ts';

/** What a handler that answers so comes to, and the errors. */
async function run(handler: NativeHandler, batch = batchOf('a', 'b')) {
  const errors: unknown[] = [];
  const onError = (error: unknown, { requestId }: ErrorOrigin) =>
    void errors.push([requestId, (error as { code?: string }).code ?? String(error)]);
  const answer = await withNativeBatch(handler, { onError })(batch, lambdaContext());
  expect(parseBufferedAnswer(JSON.parse(JSON.stringify(answer)))).toMatchObject({ ok: true });
  return { responses: answer.responses, errors };
}

const ok = (id: string, body = id) => ({ id, statusCode: 200, body });

describe('withNativeBatch', () => {
  it('gives the handler all items and the context, and answers in batch order', async () => {
    const context = lambdaContext();
    const handler = withNativeBatch((items, given) => {
      expect(given).toBe(context);
      expect(items.map(({ event }) => event.rawPath)).toEqual(['/hello/a', '/hello/b']);
      expect(items[0]?.signal.aborted).toBe(false);
      expect(currentItem()).toBeUndefined();
      return items.map(({ requestId }) => ok(requestId)).toReversed();
    });
    expect(await handler(batchOf('a', 'b'), context)).toEqual({
      v: 1,
      responses: ['a', 'b'].map((id) => ({
        id,
        statusCode: 200,
        headers: {},
        body: id,
        isBase64Encoded: false,
      })),
    });
  });

  it('tells of each item the deadline that the router sent', async () => {
    const event = itemEvent('a');
    const requestContext = { ...event.requestContext, lpr: { deadlineMs: 17 } };
    await run(
      (items) => {
        expect(items.map(({ deadlineMs }) => deadlineMs)).toEqual([17, undefined]);
        return items.map(({ requestId }) => ok(requestId));
      },
      batchEvent([{ ...event, requestContext }, itemEvent('b')]),
    );
  });

  it('takes any iterable of answers, with streamed bodies too', async () => {
    async function* answers(): AsyncGenerator<NativeAnswer> {
      yield ok('b');
      yield { id: 'a', statusCode: 200, body: ['x', 'y'] };
    }
    const { responses, errors } = await run(() => answers());
    expect(responses.map(({ body }) => body)).toEqual(['xy', 'b']);
    expect(errors).toEqual([]);
  });

  it('answers an item that is left out with 502 `LPR_MISSING_RESPONSE`, and reports it', async () => {
    const { responses, errors } = await run(() => [ok('a')]);
    expect(responses[1]).toEqual({
      id: 'b',
      statusCode: 502,
      headers: { 'content-type': 'application/json' },
      body: '{"message":"The function gave no answer","code":"LPR_MISSING_RESPONSE","requestId":"b"}',
      isBase64Encoded: false,
    });
    expect(errors).toEqual([['b', 'LPR_MISSING_RESPONSE']]);
  });

  it.each<[string, readonly unknown[], unknown[]]>([
    ['an unknown id', [ok('a'), ok('x'), ok('b')], [[undefined, 'LPR_UNKNOWN_ID']]],
    ['no id', [ok('a'), { statusCode: 200 }, ok('b')], [[undefined, 'LPR_UNKNOWN_ID']]],
    ['nothing', [ok('a'), undefined, ok('b')], [[undefined, 'LPR_UNKNOWN_ID']]],
    ['a second answer', [ok('a'), ok('b'), ok('a', 'second')], [['a', 'LPR_ILLEGAL_ORDER']]],
  ])('reports and drops %s', async (_, answers, reported) => {
    const { responses, errors } = await run(() => answers as NativeAnswer[]);
    expect(responses.map(({ body }) => body)).toEqual(['a', 'b']);
    expect(errors).toEqual(reported);
  });

  it('answers an illegal answer with a 500 of its item alone', async () => {
    const { responses, errors } = await run(() => [{ id: 'a', statusCode: 42 }, ok('b')]);
    expect(responses.map(({ statusCode }) => statusCode)).toEqual([500, 200]);
    expect(errors).toEqual([['a', 'LPR_ILLEGAL_ANSWER']]);
  });

  it('when the handler fails, reports it once and answers what has no answer', async () => {
    async function* answers(): AsyncGenerator<NativeAnswer> {
      yield ok('b');
      throw new Error('database');
    }
    const { responses, errors } = await run(() => answers());
    expect(responses.map(({ statusCode }) => statusCode)).toEqual([500, 200]);
    expect(errors).toEqual([[undefined, 'Error: database']]);
  });

  it('when the handler returns no answers at all, says so and answers 500', async () => {
    using log = captureLog();
    const handler = withNativeBatch((() => 7) as never);
    const { responses } = await handler(batchOf('a'));
    expect(responses[0]?.statusCode).toBe(500);
    expect(messageOf(log.lines[0])).toMatch(/not (async )?iterable/);
  });

  it('takes two parameters, refuses three, and checks its options', () => {
    expect(withNativeBatch(() => []).length).toBeLessThanOrEqual(2);
    const three = (_a: unknown, _b: unknown, _c: unknown) => [];
    expect(() => withNativeBatch(three as never)).toThrow(
      'Expected `handler` to be a function of up to 2',
    );
    expect(() => withNativeBatch(() => [], { concurrency: 4 } as never)).toThrow('`concurrency`');
  });
});
