import { describe, expect, it } from 'vitest';
import { HttpAnswers } from '../src/http-answers.ts';

const KNOWN = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello';
const CHUNKED =
  'HTTP/1.1 502 Bad Gateway\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n';

describe('answers on a connection', () => {
  it('are the same wherever the bytes are cut', () => {
    const bytes = Buffer.from(KNOWN + CHUNKED + KNOWN);
    const expected = [
      { status: 200, body: 'hello' },
      { status: 502, body: 'onetwo' },
      { status: 200, body: 'hello' },
    ];
    for (let size = 1; size <= bytes.length; size += 1) {
      const answers = new HttpAnswers();
      const seen = [];
      for (let at = 0; at < bytes.length; at += size) {
        seen.push(...answers.push(bytes.subarray(at, at + size)));
      }
      expect(seen, `${size} bytes at a time`).toEqual(expected);
    }
  });

  it('are refused when they are no HTTP', () => {
    expect(() => new HttpAnswers().push(Buffer.from('SMTP ready\r\n\r\n'))).toThrow(
      'Expected an HTTP answer, got "smtp ready"',
    );
  });
});
