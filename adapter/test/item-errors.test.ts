import { lambdaContext } from 'lpr-testkit';
import { expect, it } from 'vitest';
import { withBatchAdapter } from '../src/buffered-handler.ts';
import type { ItemAnswer } from '../src/item.ts';
import { batchOf } from './support/events.ts';
import { captureLog, codeOf, messageOf } from './support/log.ts';

const AWS_REQUEST_ID = lambdaContext().awsRequestId;

const INTERNAL_SERVER_ERROR = {
  id: 'b',
  statusCode: 500,
  headers: { 'content-type': 'application/json' },
  body: '{"message":"Internal Server Error"}',
  isBase64Encoded: false,
};

const hostile = {
  toString(): string {
    throw new Error('hostile');
  },
};

const circular: Record<string, unknown> = {};
circular['self'] = circular;

it.each<[string, () => ItemAnswer | Promise<ItemAnswer>]>([
  [
    'throws',
    () => {
      throw new Error('secret');
    },
  ],
  ['rejects', () => Promise.reject(new Error('secret'))],
  [
    'throws a string',
    () => {
      throw 'secret';
    },
  ],
  [
    'throws nothing',
    () => {
      throw undefined;
    },
  ],
  [
    'throws what cannot be written down',
    () => {
      throw hostile;
    },
  ],
  ['answers with status 42', () => ({ statusCode: 42 })],
  ['answers with status NaN', () => ({ statusCode: Number.NaN })],
  [
    'answers with a header of two lines',
    () => ({ statusCode: 200, headers: { 'x-a': 'secret\r\nset-cookie: a=b' } }),
  ],
  ['answers with a header name that is none', () => ({ statusCode: 200, headers: { 'x a': '1' } })],
  ['answers with a cookie of two lines', () => ({ statusCode: 200, cookies: ['a=secret\nb'] })],
  [
    'answers with base64 that is none',
    () => ({ statusCode: 200, body: 'secret!', isBase64Encoded: true }),
  ],
  [
    'answers with a body that cannot be sent',
    () => ({ statusCode: 200, body: { secret: 1 } as never }),
  ],
  ['answers with headers that are none', () => ({ statusCode: 200, headers: 'secret' as never })],
  ['answers with what JSON cannot write', () => circular],
  ['answers with a bigint', () => 1n as never],
])(
  'an item whose handler %s gets a 500 without a text of it, is logged once, and fails alone',
  async (_, fail) => {
    using log = captureLog();
    const handler = withBatchAdapter((event) =>
      event.requestContext.requestId === 'b' ? fail() : 'fine',
    );
    const { responses } = await handler(batchOf('a', 'b', 'c'), lambdaContext());
    expect(responses.map(({ statusCode }) => statusCode)).toEqual([200, 500, 200]);
    expect(responses[1]).toEqual(INTERNAL_SERVER_ERROR);
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toMatchObject({
      level: 'ERROR',
      message: 'Item failed',
      requestId: 'b',
      awsRequestId: AWS_REQUEST_ID,
    });
  },
);

it('logs the name, message, code, stack and causes of an error on one line', async () => {
  using log = captureLog();
  const cause = Object.assign(new TypeError('inner'), { code: 'ECONNRESET' });
  const handler = withBatchAdapter(() => {
    throw new Error('outer\nsecond line', { cause });
  });
  await handler(batchOf('a'));
  const [line] = log.lines;
  expect(line?.error).toMatch(/^Error: outer\nsecond line\n +at .*item-errors\.test\.ts/);
  expect(line?.error).toMatch(/\[cause\]: TypeError: inner\n[^]*code: 'ECONNRESET'/);
});

it('logs an error that is its own cause', async () => {
  using log = captureLog();
  const handler = withBatchAdapter(() => {
    const error = new Error('loop');
    error.cause = error;
    throw error;
  });
  await handler(batchOf('a'));
  expect(messageOf(log.lines[0])).toBe('loop');
});

it('names what is wrong with an illegal answer, without its values', async () => {
  using log = captureLog();
  const answers: ItemAnswer[] = [
    { statusCode: 42 },
    { statusCode: 200, headers: { authorization: 'secret\n' } },
    { statusCode: 200, cookies: ['secret\n1'] },
  ];
  const handler = withBatchAdapter(() => answers.shift());
  await handler(batchOf('a', 'b', 'c'));
  expect(log.lines.map((line) => [codeOf(line), messageOf(line)])).toEqual([
    ['LPR_ILLEGAL_ANSWER', 'Expected `statusCode` to be an integer 200–599, got `42` (number)'],
    ['LPR_ILLEGAL_ANSWER', 'Expected `headers.authorization` to be one line of ISO-8859-1 text'],
    ['LPR_ILLEGAL_ANSWER', 'Expected `cookies` to be one line of ISO-8859-1 text'],
  ]);
  expect(JSON.stringify(log.lines)).not.toContain('secret');
});

it.each(['done', 'fail', 'succeed'] as const)(
  'an item that calls `context.%s` fails alone instead of ending the batch',
  async (name) => {
    using log = captureLog();
    const handler = withBatchAdapter((event, context) => {
      if (event.requestContext.requestId === 'a') context[name](new Error('x'));
      return 'fine';
    });
    const { responses } = await handler(batchOf('a', 'b'), lambdaContext());
    expect(responses.map(({ statusCode }) => statusCode)).toEqual([500, 200]);
    expect(messageOf(log.lines[0])).toBe('context[name] is not a function');
  },
);
