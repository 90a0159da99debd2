import { describe, expect, test } from 'vitest';
import { operation, startRouter } from '../support/router.ts';
import { line, STREAM } from './observe.ts';
import { exchange, get, parseAnswer } from './raw-client.ts';

const rules = operation({ ...STREAM, maxWaitMs: 0 });
const CLOSE = 'Connection: close\r\n';

const headed = (fields: object) =>
  startRouter({
    paths: { '/a': { get: rules, head: rules } },
    async *answer(event) {
      const id = event.batch[0]!.requestContext.requestId;
      yield line({ id, type: 'head', ...fields });
      yield line({ id, type: 'chunk', body: 'body' }) + line({ id, type: 'end' });
    },
  });

describe('the head of a streamed answer', () => {
  test('has the headers and cookies of the function, but none that only the server may set', async () => {
    const { url } = await headed({
      headers: {
        'Content-Length': '3',
        'Transfer-Encoding': 'gzip',
        Connection: 'upgrade',
        'Keep-Alive': 'timeout=999',
        Trailer: 'x-b',
        Upgrade: 'h2c',
        'X-A': 1,
      },
      cookies: ['a=1', ' ', ' b=2 '],
    });
    const { head, body } = parseAnswer((await exchange(url, get('/a', { headers: CLOSE }))).text);
    expect(head).toContain('x-a: 1');
    expect(head.match(/^set-cookie: .*$/gm)).toEqual(['set-cookie: a=1', 'set-cookie: b=2']);
    expect(head).not.toMatch(/content-length|gzip|upgrade|999|trailer|content-type/i);
    expect(body).toBe('4\r\nbody\r\n0\r\n\r\n');
  });

  test.each([204, 304])('of status %i has no body', async (statusCode) => {
    const { url } = await headed({ statusCode });
    const { status, head, body } = parseAnswer(
      (await exchange(url, get('/a', { headers: CLOSE }))).text,
    );
    expect([status, body]).toEqual([statusCode, '']);
    expect(head).not.toMatch(/transfer-encoding|content-length/i);
  });

  test('is all that answers HEAD', async () => {
    const { url } = await headed({ statusCode: 206 });
    const sent = get('/a', { headers: CLOSE }).replace('GET', 'HEAD');
    expect(parseAnswer((await exchange(url, sent)).text)).toMatchObject({ status: 206, body: '' });
  });

  test('for HTTP/1.0 announces no chunks, which it does not know', async () => {
    const { url } = await headed({});
    const { head, body } = parseAnswer((await exchange(url, get('/a', { version: '1.0' }))).text);
    expect(head).not.toMatch(/transfer-encoding/i);
    expect(body).toBe('body');
  });
});
