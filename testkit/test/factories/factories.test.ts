import type { Context } from 'aws-lambda';
import { formatProblem, parseBatch, parseBufferedAnswer, parseRecordLine } from 'lpr-protocol';
import {
  answerBatch,
  batchEvent,
  bufferedAnswer,
  chunkRecord,
  errorRecord,
  frames,
  httpEvent,
  lambdaContext,
  ndjson,
  requestId,
  responseRecord,
  VirtualClock,
} from 'lpr-testkit';
import 'lpr-testkit/vitest';
import { describe, expect, it } from 'vitest';

const problemsOf = (value: unknown) => {
  const parsed = parseBatch(value);
  return parsed.ok ? [] : parsed.problems.map((problem) => formatProblem(problem));
};

describe('factories', () => {
  it('make no batch of what is no list of items, and none of two items with one id', () => {
    for (const wrong of ['/a', { path: '/a' }, undefined, -1, 0.5]) {
      expect(() => batchEvent(wrong as never)).toThrow('a list of paths, options or items, got');
    }
    expect(() => batchEvent(['/a', undefined as never])).toThrow(
      'Expected item 1 to be a path, options or an item, got undefined',
    );
    expect(() => batchEvent([httpEvent({ path: '/a' }), httpEvent({ path: '/b' })])).toThrow(
      `Expected items with ids of their own, got \`${requestId(1)}\` twice`,
    );
    expect(batchEvent(['/b', httpEvent({ id: requestId(2) })])).toHaveBatchOfSize(2);
  });

  it('make batches that a router could have sent', () => {
    const full = {
      method: 'POST',
      path: '/hello/Zo%C3%AB?x=1&x=2&z',
      headers: { Cookie: 'a=b; c=d', Host: 'example.com:8080', 'User-Agent': 'curl' },
      json: { name: 'Zoë' },
    };
    expect(problemsOf(batchEvent(3))).toEqual([]);
    expect(problemsOf(batchEvent(['/a', '/a?b=c']))).toEqual([]);
    expect(problemsOf(batchEvent([full, { body: Buffer.from([0xff]) }], '/hello/{name}'))).toEqual(
      [],
    );
    expect(batchEvent([full], '/hello/{name}').batch[0]).toMatchObject({
      routeKey: 'POST /hello/{name}',
      pathParameters: { name: 'Zoë' },
      queryStringParameters: { x: '1,2', z: '' },
      cookies: ['a=b', 'c=d'],
      requestContext: { domainName: 'example.com', http: { userAgent: 'curl' } },
    });
  });

  it('make the same from the same', () => {
    expect(batchEvent(2)).toEqual(batchEvent(2));
    expect(batchEvent(2).batch.map((item) => item.requestContext.requestId)).toEqual([
      requestId(1),
      requestId(2),
    ]);
    expect(() => requestId(-1)).toThrow('Expected `number` to be an integer 0–999999999999');
  });

  it('take greedy path parameters from the path', () => {
    const { pathParameters } = httpEvent({ route: '/files/{rest+}', path: '/files/a/b%20c' });
    expect(pathParameters).toEqual({ rest: 'a/b c' });
  });

  it('make records that a router reads back', () => {
    const records = [
      responseRecord(requestId(1), { json: { a: 1 }, cookies: ['a=b'] }),
      ...frames(requestId(2), ['x', Buffer.from([0xff])]),
      errorRecord(requestId(3)),
    ];
    const lines = ndjson(records).trim().split('\n');
    expect(lines.map((line) => parseRecordLine(line))).toEqual(
      records.map((record) => ({ ok: true, record })),
    );
  });

  it('name an answer by the item it belongs to', () => {
    const item = httpEvent({ id: requestId(9) });
    expect(chunkRecord(item, 'x').id).toBe(requestId(9));
    const document = bufferedAnswer([responseRecord(item, { statusCode: 404 })]);
    expect(parseBufferedAnswer(document)).toMatchObject({
      results: [{ ok: true, record: { id: requestId(9), statusCode: 404 } }],
    });
  });

  it('make contexts whose time stands still or follows a clock', () => {
    const context: Context = lambdaContext({ remainingTimeMs: 500 });
    expect(context.getRemainingTimeInMillis()).toBe(500);
    const clock = new VirtualClock();
    const running = lambdaContext({ remainingTimeMs: 500, clock });
    clock.advance(200);
    expect(running.getRemainingTimeInMillis()).toBe(300);
    expect(() => running.succeed('x')).toThrow('return or throw');
  });

  it('answer every item of a batch, alike or each by itself', () => {
    const event = batchEvent(['/a', '/b']);
    const alike = answerBatch(event, { statusCode: 204 });
    expect(alike).toAnswerEveryItemOnce(event);
    expect(alike).toHaveRecordFor(event.batch[1]!, { statusCode: 204 });
    const own = answerBatch(event, ({ rawPath }, index) => ({ json: [rawPath, index] }));
    expect(own).toHaveRecordFor(event.batch[1]!, { json: ['/b', 1] });
  });
});
