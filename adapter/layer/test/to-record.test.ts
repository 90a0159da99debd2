import * as fc from 'fast-check';
import { encodeRecord, parseRecordLine } from 'lpr-protocol';
import { describe, expect, it } from 'vitest';
import { toRecord } from '../src/to-record.ts';

const json = (text: string) =>
  toRecord('r-1', { bytes: Buffer.from(text), contentType: 'application/json', streamed: false });
const stream = (contentType: string, ...parts: (string | Buffer)[]) =>
  toRecord('r-1', {
    bytes: Buffer.concat(parts.map((part) => Buffer.from(part))),
    contentType,
    streamed: true,
  });
const INTEGRATION = 'application/vnd.awslambda.http-integration-response';
const NULS = Buffer.alloc(8);

describe('an answer of the runtime', () => {
  it.each([
    ['an object without a status', '{ "a": [1, 2.50] }', '{ "a": [1, 2.50] }'],
    ['a number', '42', '42'],
    ['null', 'null', 'null'],
    ['an array', '[{"statusCode":500}]', '[{"statusCode":500}]'],
    ['a text, unquoted', '"h\\u00e9 \\"you\\""', 'hé "you"'],
  ])('is inferred to be 200 and JSON when it is %s', (_what, text, body) => {
    expect(json(text)).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body,
    });
  });

  it('is taken as it is when it has a status', () => {
    const answer = {
      statusCode: '201',
      headers: { 'X-A': 1, b: true },
      cookies: [' a=b '],
      body: 'AAE=',
      isBase64Encoded: true,
    };
    expect(json(JSON.stringify(answer))).toEqual({
      type: 'response',
      id: 'r-1',
      statusCode: 201,
      headers: { 'X-A': '1', b: 'true' },
      cookies: ['a=b'],
      body: 'AAE=',
      isBase64Encoded: true,
    });
  });

  it.each([
    '{"statusCode":99}',
    '{"statusCode":null}',
    '{"statusCode":200,"body":{}}',
    '{"statusCode":200,"headers":{"a b":"c"}}',
    '{"statusCode":200,"headers":{"a":"b\\nc"}}',
    '{"statusCode":200,"body":"???","isBase64Encoded":true}',
    '{',
    '',
  ])('is a 502 when it cannot be sent: %s', (text) => {
    expect(json(text)).toMatchObject({ statusCode: 502, id: 'r-1' });
  });

  it('takes its head from the prelude of a stream, and its body as bytes', () => {
    const prelude = '{"statusCode":418,"headers":{"x":"y"},"cookies":["a=b"]}';
    const head = { statusCode: 418, headers: { x: 'y' }, cookies: ['a=b'] };
    expect(stream(INTEGRATION, prelude, NULS, 'té\0')).toMatchObject({
      ...head,
      body: Buffer.from('té\0').toString('base64'),
      isBase64Encoded: true,
    });
    expect(stream(INTEGRATION, prelude, NULS, 'tea')).toMatchObject({ ...head, body: 'tea' });
    expect(stream(INTEGRATION, prelude)).toMatchObject({ statusCode: 502 });
  });

  it('has the type of its stream when there is no prelude', () => {
    expect(stream('text/html', '<p>')).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'text/html' },
      body: '<p>',
    });
  });

  it('becomes a record that any reader takes, whatever it was', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.json(), fc.string(), jsonOfAnswers()),
        fc.boolean(),
        (text, streamed) => {
          const answer = { bytes: Buffer.from(text), contentType: INTEGRATION, streamed };
          const record = toRecord('r-1', answer);
          expect(parseRecordLine(encodeRecord(record))).toEqual({ ok: true, record });
        },
      ),
    );
  });
});

function jsonOfAnswers() {
  return fc
    .record(
      {
        statusCode: fc.oneof(fc.integer(), fc.constant(200), fc.string()),
        headers: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.constant({ a: 'b' })),
        cookies: fc.oneof(fc.array(fc.string()), fc.jsonValue()),
        body: fc.oneof(fc.string(), fc.jsonValue()),
        isBase64Encoded: fc.oneof(fc.boolean(), fc.jsonValue()),
      },
      { requiredKeys: [] },
    )
    .map((answer) => JSON.stringify(answer));
}
