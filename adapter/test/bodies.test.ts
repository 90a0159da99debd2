import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { withBatchAdapter } from '../src/buffered-handler.ts';
import type { ItemAnswer, StructuredAnswer } from '../src/item.ts';
import { batchOf } from './support/events.ts';
import { captureLog, codeOf, messageOf } from './support/log.ts';

async function answerTo(answer: ItemAnswer) {
  const { responses } = await withBatchAdapter(() => answer)(batchOf('a'));
  return responses[0];
}

const web = (...chunks: unknown[]) => ReadableStream.from(chunks);

async function* lazily<T>(...chunks: T[]): AsyncGenerator<T> {
  yield* chunks;
}

function* atOnce<T>(...chunks: T[]): Generator<T> {
  yield* chunks;
}

describe('a buffered answer with a body that is read piece by piece', () => {
  it.each<[string, StructuredAnswer['body']]>([
    ['an array', ['he', 'llo']],
    ['a generator', atOnce<string | Uint8Array>('he', Buffer.from('llo'))],
    ['an async generator', lazily<string | Uint8Array>('he', new Uint8Array([108, 108, 111]))],
    ['a Node.js stream', Readable.from(['he', 'llo'])],
    ['a Node.js stream of bytes', Readable.from([Buffer.from('he'), Buffer.from('llo')])],
    ['a web stream', web(Buffer.from('he'), Buffer.from('llo'))],
    ['a Blob', new Blob(['he', 'llo'])],
  ])('is collected: %s', async (_, body) => {
    expect(await answerTo({ statusCode: 201, headers: { 'x-a': 'b' }, body })).toEqual({
      id: 'a',
      statusCode: 201,
      headers: { 'x-a': 'b' },
      body: 'hello',
      isBase64Encoded: false,
    });
  });

  it('is base64 when it is not text, and text when a character is cut in two', async () => {
    const binary = { statusCode: 200, body: web(new Uint8Array([0, 1]), new Uint8Array([255])) };
    expect(await answerTo(binary)).toMatchObject({ body: 'AAH/', isBase64Encoded: true });
    const nul = { statusCode: 200, body: new Blob(['a\0b']) };
    expect(await answerTo(nul)).toMatchObject({ body: 'YQBi', isBase64Encoded: true });
    const cut = web(new Uint8Array([0xe2, 0x82]), new Uint8Array([0xac]));
    expect(await answerTo({ statusCode: 200, body: cut })).toMatchObject({ body: '€' });
  });

  it.each<[string, () => StructuredAnswer['body'], string]>([
    ['holds numbers', () => [1, 2] as never, 'LPR_ILLEGAL_ANSWER'],
    ['holds objects', () => lazily({ a: 1 }) as never, 'LPR_ILLEGAL_ANSWER'],
    ['goes on without an end', () => endless(), 'LPR_ANSWER_TOO_LARGE'],
  ])('gets a 500 when it %s', async (_, body, code) => {
    using log = captureLog();
    expect(await answerTo({ statusCode: 200, body: body() })).toMatchObject({ statusCode: 500 });
    expect(log.lines.map((line) => [line.requestId, codeOf(line)])).toEqual([['a', code]]);
  });

  it('gets a 500 when it fails, and is given up', async () => {
    using log = captureLog();
    const stream = new Readable({
      read() {
        this.push('x');
        this.destroy(new Error('broken pipe'));
      },
    });
    expect(await answerTo({ statusCode: 200, body: stream })).toMatchObject({ statusCode: 500 });
    expect(messageOf(log.lines[0])).toBe('broken pipe');
    expect(stream.destroyed).toBe(true);
  });

  it('is returned from when a piece of it is refused', async () => {
    using log = captureLog();
    let isReturned = false;
    async function* body(): AsyncGenerator<string> {
      try {
        yield 1 as never;
      } finally {
        isReturned = true;
      }
    }
    await answerTo({ statusCode: 200, body: body() });
    expect(isReturned).toBe(true);
    expect(log.lines).toHaveLength(1);
  });
});

describe('a Response', () => {
  it('is answered with its status, headers, cookies and body', async () => {
    const headers = new Headers({ 'content-type': 'text/plain', 'x-a': 'b' });
    headers.append('set-cookie', 'a=1; Path=/');
    headers.append('set-cookie', 'b=2');
    expect(await answerTo(new Response('héllo', { status: 202, headers }))).toEqual({
      id: 'a',
      statusCode: 202,
      headers: { 'content-type': 'text/plain', 'x-a': 'b' },
      cookies: ['a=1; Path=/', 'b=2'],
      body: 'héllo',
      isBase64Encoded: false,
    });
  });

  it('may have no body, bytes, and a body of another implementation', async () => {
    expect(await answerTo(new Response(null, { status: 204 }))).toMatchObject({ body: '' });
    expect(await answerTo(new Response(new Uint8Array([255])))).toMatchObject({ body: '/w==' });
    class OtherResponse {
      readonly status = 200;
      readonly headers = new Headers({ 'x-a': 'b' });
      readonly body = lazily('other');
    }
    expect(await answerTo(new OtherResponse())).toMatchObject({
      headers: { 'x-a': 'b' },
      body: 'other',
    });
  });

  it('that is an error is a 500', async () => {
    using log = captureLog();
    expect(await answerTo(Response.error())).toMatchObject({ statusCode: 500 });
    expect(messageOf(log.lines[0])).toBe(
      'Expected `statusCode` to be an integer 200–599, got `0` (number)',
    );
  });
});

describe('an answer that can only be a body', () => {
  it.each<[string, ItemAnswer, string, string]>([
    ['bytes', Buffer.from('x'), 'application/octet-stream', 'eA=='],
    ['a Blob', new Blob(['x'], { type: 'text/html' }), 'text/html', 'x'],
    ['an async generator', lazily('x'), 'application/octet-stream', 'x'],
    ['a web stream', web(Buffer.from('x')), 'application/octet-stream', 'x'],
  ])('is sent with status 200: %s', async (_, answer, type, body) => {
    expect(await answerTo(answer)).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': type },
      body,
    });
  });

  it.each([[[1, 2]], [new Map()], [new Set([1])]])('is JSON when it is %o', async (answer) => {
    expect(await answerTo(answer)).toMatchObject({
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(answer),
    });
  });
});

function* endless(): Generator<string> {
  const piece = 'x'.repeat(1_048_576);
  for (;;) yield piece;
}
