import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BadRecordKind,
  formatProblem,
  parseRecord,
  parseRecordLine,
  parseResponseRecord,
} from '../src/index.ts';
import type { AnswerRecord, RecordResult } from '../src/index.ts';
import { judged } from './judged.ts';
import type { Judged } from './judged.ts';
import { readFixture } from './read-fixture.ts';
import type { FixtureCase } from './read-fixture.ts';

describe('fixtures/records.json', () => {
  test.each(readFixture<FixtureCase<unknown, Judged>>('records.json'))(
    '$name',
    ({ input, expected }) => {
      expect(judged(parseRecord(input))).toEqual(expected);
      expect(judged(parseRecordLine(JSON.stringify(input)))).toEqual(expected);
    },
  );
});

test('every kind of bad record has a fixture', () => {
  const kinds = new Set<string>([BadRecordKind.Json, BadRecordKind.LineTooLong]);
  for (const { expected } of readFixture<FixtureCase<unknown, Judged>>('records.json')) {
    if ('bad' in expected) {
      kinds.add(expected.bad.kind);
    }
  }
  expect([...kinds].toSorted()).toEqual(Object.values(BadRecordKind).toSorted());
});

test('a header named __proto__ is an own header and touches no prototype', () => {
  const result = parseRecordLine(
    '{"v":1,"id":"r-1","statusCode":200,"headers":{"__proto__":"1","x-n":2}}',
  );
  expect(
    result.ok && result.record.type === 'response' && Object.entries(result.record.headers),
  ).toEqual([
    ['__proto__', '1'],
    ['x-n', '2'],
  ]);
});

test('a plain response ignores v and type where a buffered element would', () => {
  const element = { v: 7, type: 'chunk', id: 'r-1', statusCode: 200 };
  expect(parseResponseRecord(element)).toMatchObject({ ok: true, record: { type: 'response' } });
  expect(parseResponseRecord([element])).toMatchObject({ ok: false, kind: 'shape' });
});

test('the value that was judged is left as it was', () => {
  const input = Object.freeze({
    v: 1,
    id: 'r-1',
    statusCode: '200',
    headers: Object.freeze({ 'x-a': 1 }),
    cookies: Object.freeze([' a=b ']),
  });
  expect(parseRecord(input)).toMatchObject({
    record: { headers: { 'x-a': '1' }, cookies: ['a=b'] },
  });
  expect(input.headers).toEqual({ 'x-a': 1 });
});

test('a problem says where, what was wanted and what was there', () => {
  const result = parseRecord({ v: 1, id: 'r-1', statusCode: 42 });
  expect(!result.ok && formatProblem(result.problem)).toBe(
    'Expected `statusCode` to be an integer 200–599, got `42` (number)',
  );
});

test('a problem never quotes a body, a header value or a cookie', () => {
  const secret = 'secret\n';
  const answers = [
    { headers: { 'x-a': secret } },
    { cookies: [`a=${secret}b`] },
    { body: secret, isBase64Encoded: true },
  ].map((fields) => parseRecord({ id: 'r-1', statusCode: 200, ...fields }));
  answers.push(parseRecordLine(`{"body":"${secret}`));
  expect(answers.map((answer) => answer.ok)).toEqual([false, false, false, false]);
  expect(JSON.stringify(answers)).not.toContain('secret');
});

test('any JSON value is judged without throwing', () => {
  const field = fc.jsonValue();
  const record = fc.record(
    {
      v: fc.oneof(fc.constant(1), field),
      type: fc.oneof(fc.constantFrom('head', 'chunk', 'end', 'error'), field),
      id: fc.oneof(fc.string(), field),
      statusCode: fc.oneof(fc.integer({ min: 199, max: 600 }), field),
      headers: fc.oneof(fc.dictionary(fc.string(), field), field),
      cookies: fc.oneof(fc.array(fc.oneof(fc.string(), field)), field),
      body: fc.oneof(fc.base64String(), field),
      isBase64Encoded: fc.oneof(fc.boolean(), field),
      message: field,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(record, field), (value) => {
      const result = parseRecord(value);
      const explained: unknown = expect.stringMatching(/^Expected .+, got .+/s);
      // What was read once is read the same again, and whatever was not says why.
      const again = result.ok ? readAgain(result.record) : formatProblem(result.problem);
      expect(again).toEqual(result.ok ? result : explained);
    }),
  );
});

function readAgain({ type, ...fields }: AnswerRecord): RecordResult {
  return parseRecord(type === 'response' ? fields : { type, ...fields });
}
