import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  encodeBufferedAnswer,
  encodeRecord,
  NdjsonDecoder,
  parseBufferedAnswer,
} from '../src/index.ts';
import type { AnswerRecord, ResponseRecord } from '../src/index.ts';
import { readFixture } from './read-fixture.ts';
import type { FixtureCase } from './read-fixture.ts';

const cases = readFixture<FixtureCase<AnswerRecord, { line: string }>>('written-records.json');

const status = fc.integer({ min: 200, max: 599 });
const headers = fc.dictionary(
  fc.stringMatching(/^[a-z][a-z-]{0,9}$/),
  fc.stringMatching(/^[\t -~\u0080-\u00ff]*$/),
);
const cookies = fc.array(fc.stringMatching(/^[a-z]=[a-z0-9]*$/), { maxLength: 3 });
const id = fc.string({ unit: 'grapheme', minLength: 1 });
const body = fc.oneof(
  fc.record({ body: fc.string({ unit: 'grapheme' }), isBase64Encoded: fc.constant(false) }),
  fc.record({
    body: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
    isBase64Encoded: fc.constant(true),
  }),
);
const response = fc
  .record({ type: fc.constant('response' as const), id, statusCode: status, headers, cookies })
  .chain((fields) => body.map((encoded): ResponseRecord => ({ ...fields, ...encoded })));
const record: fc.Arbitrary<AnswerRecord> = fc.oneof(
  response,
  fc.record({ type: fc.constant('head' as const), id, statusCode: status, headers, cookies }),
  fc
    .record({ type: fc.constant('chunk' as const), id })
    .chain((fields) => body.map((encoded) => ({ ...fields, ...encoded }))),
  fc.record({ type: fc.constant('end' as const), id }),
  fc.record({ type: fc.constant('error' as const), id, statusCode: status, message: fc.string() }),
);

describe('fixtures/written-records.json', () => {
  test.each(cases)('$name', ({ input, expected }) => {
    expect(encodeRecord(input)).toBe(`${expected.line}\n`);
  });
});

test('what is written is one line and is read back equal', () => {
  fc.assert(
    fc.property(fc.array(record), (records) => {
      const text = records.map(encodeRecord).join('');
      expect(text.split('\n')).toHaveLength(records.length + 1);
      expect(new NdjsonDecoder().push(Buffer.from(text))).toEqual(
        records.map((written) => ({ ok: true, record: written })),
      );
    }),
  );
});

test('a buffered answer is read back equal', () => {
  fc.assert(
    fc.property(fc.array(response), (responses) => {
      expect(parseBufferedAnswer(JSON.parse(encodeBufferedAnswer(responses)))).toEqual({
        ok: true,
        results: responses.map((written) => ({ ok: true, record: written })),
      });
    }),
  );
});

test('an element of a buffered answer has neither v nor type, and cookies only when there are any', () => {
  const plain: ResponseRecord = {
    type: 'response',
    id: 'r-1',
    statusCode: 200,
    headers: {},
    cookies: [],
    body: '',
    isBase64Encoded: false,
  };
  expect(encodeBufferedAnswer([plain, { ...plain, cookies: ['a=b'] }])).toBe(
    '{"v":1,"responses":[' +
      '{"id":"r-1","statusCode":200,"headers":{},"body":"","isBase64Encoded":false},' +
      '{"id":"r-1","statusCode":200,"headers":{},"cookies":["a=b"],"body":"","isBase64Encoded":false}]}',
  );
});
