import { lambdaContext } from 'lpr-testkit';
import { describe, expect, it } from 'vitest';
import { parseBufferedAnswer } from 'lpr-protocol';
import { withBatchAdapter } from '../src/buffered-handler.ts';
import { batchEvent, batchOf, itemEvent } from './support/events.ts';
import { captureLog, codeOf } from './support/log.ts';
import { settled, Steps } from './support/steps.ts';

const echo = withBatchAdapter(async (event) => ({ statusCode: 200, body: event.rawPath }));

describe('withBatchAdapter', () => {
  it('answers every item of a batch in one document', async () => {
    expect(await echo(batchOf('a', 'b'), lambdaContext())).toEqual({
      v: 1,
      responses: [
        { id: 'a', statusCode: 200, headers: {}, body: '/hello/a', isBase64Encoded: false },
        { id: 'b', statusCode: 200, headers: {}, body: '/hello/b', isBase64Encoded: false },
      ],
    });
  });

  it('keeps batch order whatever the order of completion', async () => {
    const steps = new Steps();
    const handler = withBatchAdapter(async (event) => {
      await steps.wait(event.requestContext.requestId);
      return event.requestContext.requestId;
    });
    const answer = handler(batchOf('a', 'b', 'c'));
    steps.go('c', undefined);
    steps.go('b', undefined);
    steps.go('a', undefined);
    expect((await answer).responses.map(({ id, body }) => [id, body])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
      ['c', 'c'],
    ]);
  });

  it('writes what the router reads', async () => {
    const handler = withBatchAdapter(() => ({
      statusCode: 201,
      headers: { 'x-number': 1, 'x-flag': true },
      cookies: ['a=b; Path=/'],
      body: Buffer.from([0, 255]),
    }));
    const parsed = parseBufferedAnswer(JSON.parse(JSON.stringify(await handler(batchOf('a')))));
    expect(parsed).toEqual({
      ok: true,
      results: [
        {
          ok: true,
          record: {
            type: 'response',
            id: 'a',
            statusCode: 201,
            headers: { 'x-number': '1', 'x-flag': 'true' },
            cookies: ['a=b; Path=/'],
            body: 'AP8=',
            isBase64Encoded: true,
          },
        },
      ],
    });
  });

  it('answers an empty batch with no responses', async () => {
    expect(await echo(batchEvent([]))).toEqual({ v: 1, responses: [] });
  });

  it('answers an item that has nothing but an id, or a field `id` instead', async () => {
    const handler = withBatchAdapter(() => 'ok');
    const { responses } = await handler(
      batchEvent([
        { requestContext: { requestId: 'a' } },
        { id: 'b' },
        { requestContext: null, id: 'c' },
      ]),
    );
    expect(responses.map(({ id, statusCode }) => [id, statusCode])).toEqual([
      ['a', 200],
      ['b', 200],
      ['c', 200],
    ]);
  });

  it('reports an item without an id, does not run it, and answers the others', async () => {
    using log = captureLog();
    const ran: string[] = [];
    const handler = withBatchAdapter((event) => {
      ran.push(event.rawPath);
      return 'ok';
    });
    const { responses } = await handler(batchEvent([null, {}, { id: '' }, itemEvent('a')]));
    expect(responses.map(({ id }) => id)).toEqual(['a']);
    expect(ran).toEqual(['/hello/a']);
    expect(log.lines.map(codeOf)).toEqual(Array.from({ length: 3 }, () => 'LPR_ITEM_WITHOUT_ID'));
  });

  it('takes at most two parameters, which is all that the runtime allows', () => {
    expect(echo.length).toBeLessThanOrEqual(2);
  });

  it('never runs more items than `concurrency` at once, and starts them in order', async () => {
    const steps = new Steps();
    const handler = withBatchAdapter((event) => steps.wait(event.requestContext.requestId), {
      concurrency: 2,
    });
    const answer = handler(batchOf('a', 'b', 'c', 'd'));
    await settled();
    expect(steps.started).toEqual(['a', 'b']);
    steps.go('b', undefined);
    await settled();
    expect(steps.started).toEqual(['a', 'b', 'c']);
    steps.go('a', undefined);
    steps.go('c', undefined);
    steps.go('d', undefined);
    expect((await answer).responses).toHaveLength(4);
  });

  it.each([
    [undefined, 16],
    [Infinity, 40],
  ])('with `concurrency` %s starts %i of 40 items at once', async (concurrency, count) => {
    const steps = new Steps();
    const handler = withBatchAdapter((event) => steps.wait(event.requestContext.requestId), {
      concurrency,
    });
    const ids = Array.from({ length: 40 }, (_, index) => `r-${index}`);
    const answer = handler(batchOf(...ids));
    await settled();
    expect(steps.started).toHaveLength(count);
    for (const id of ids) steps.go(id, undefined);
    expect((await answer).responses).toHaveLength(40);
  });
});

describe('an event that is no batch', () => {
  it.each([
    ['an API Gateway event', itemEvent('a')],
    ['a warmer event', { source: 'warmer' }],
    ['another version of a batch', { v: 2, batch: [] }],
    ['a batch that is no array', { v: 1, batch: {} }],
    ['null', null],
    ['a string', 'ping'],
  ])('is handed on as it is with its context: %s', async (_, event) => {
    const context = lambdaContext();
    const answer = { statusCode: 204 };
    const calls: unknown[][] = [];
    const handler = withBatchAdapter((...received) => {
      calls.push(received);
      return answer;
    });
    expect(await handler(event as unknown, context)).toBe(answer);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.[0]).toBe(event);
    expect(calls[0]?.[1]).toBe(context);
  });

  it('fails as the handler fails', async () => {
    const error = new Error('boom');
    const handler = withBatchAdapter(() => {
      throw error;
    });
    await expect(handler(itemEvent('a') as unknown)).rejects.toBe(error);
  });
});
