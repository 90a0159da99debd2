import { describe, expect, it } from 'vitest';
import type { BatchAnswerItem } from '../src/batch-answer.ts';
import { readAnswer } from '../src/read-answer.ts';
import { toRecord } from './support/records.ts';

const toResponse = (id: string, answer: unknown) => toRecord(id, readAnswer(answer));

const json = { 'content-type': 'application/json' };

describe('an answer without `statusCode`', () => {
  it.each<[string, unknown, string]>([
    ['an object', { hello: 'world' }, '{"hello":"world"}'],
    ['an object that looks structured', { body: 'x', headers: {} }, '{"body":"x","headers":{}}'],
    ['an array', [1, 'a'], '[1,"a"]'],
    ['a number', 42, '42'],
    ['a boolean', false, 'false'],
    ['a string, unquoted', 'hello "you"', 'hello "you"'],
    ['an empty string', '', ''],
    ['null', null, 'null'],
    ['nothing', undefined, 'null'],
    ['an object whose `statusCode` JSON would drop', { statusCode: undefined, a: 1 }, '{"a":1}'],
  ])('is sent as JSON with status 200: %s', async (_, answer, body) => {
    expect(await toResponse('a', answer)).toEqual({
      id: 'a',
      statusCode: 200,
      headers: json,
      body,
      isBase64Encoded: false,
    });
  });
});

describe('a structured answer', () => {
  it.each<[string, object, Partial<BatchAnswerItem>]>([
    ['a status alone', {}, { headers: {}, cookies: undefined, body: '', isBase64Encoded: false }],
    ['a status as text', { statusCode: '404' }, { statusCode: 404 }],
    [
      'null fields',
      { headers: null, cookies: null, body: null, isBase64Encoded: null },
      { body: '' },
    ],
    ['an undefined header', { headers: { a: undefined, b: 'c' } }, { headers: { b: 'c' } }],
    ['text', { body: 'ü€😀' }, { body: 'ü€😀', isBase64Encoded: false }],
    ['base64', { body: 'AP8=', isBase64Encoded: true }, { body: 'AP8=', isBase64Encoded: true }],
    ['bytes', { body: new Uint8Array([0, 255]) }, { body: 'AP8=', isBase64Encoded: true }],
    ['a part of a buffer', { body: Buffer.from('hello').subarray(1, 3) }, { body: 'ZWw=' }],
    ['cookies', { cookies: [' a=b ', ''] }, { cookies: ['a=b'] }],
    ['a header named `__proto__`', JSON.parse('{"headers":{"__proto__":"x"}}') as object, {}],
  ])('may have %s', async (_, answer, record) => {
    expect(await toResponse('a', { statusCode: 200, ...answer })).toMatchObject(record);
  });

  it('keeps a header named `__proto__`', async () => {
    const headers = JSON.parse('{"__proto__":"x"}') as Record<string, string>;
    const record = await toResponse('a', { statusCode: 200, headers });
    expect(Object.entries(record.headers)).toEqual([['__proto__', 'x']]);
  });

  it('shares nothing with its record', async () => {
    const answer = {
      statusCode: 200,
      headers: { a: '1' },
      cookies: ['b=1'],
      body: Buffer.from('x'),
    };
    const record = await toResponse('a', answer);
    answer.headers.a = '2';
    answer.cookies.push('c=2');
    answer.body.fill(0);
    expect(record).toMatchObject({ headers: { a: '1' }, cookies: ['b=1'], body: 'eA==' });
  });
});
