import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBody, encodeBody } from '../src/index.ts';
import type { EncodedBody } from '../src/index.ts';
import { readFixture } from './read-fixture.ts';

interface EncodeCase {
  readonly name: string;
  readonly input: { readonly encode: string };
  readonly expected: EncodedBody;
}
interface DecodeCase {
  readonly name: string;
  readonly input: { readonly decode: EncodedBody };
  readonly expected: { readonly bytes: string | null };
}

const cases = readFixture<EncodeCase | DecodeCase>('bodies.json');

describe('fixtures/bodies.json', () => {
  test.each(cases.filter((one): one is EncodeCase => 'encode' in one.input))(
    'encodes $name',
    ({ input, expected }) => {
      expect(encodeBody(Buffer.from(input.encode, 'hex'))).toEqual(expected);
    },
  );

  test.each(cases.filter((one): one is DecodeCase => 'decode' in one.input))(
    'decodes $name',
    ({ input, expected }) => {
      const bytes = decodeBody(input.decode.body, input.decode.isBase64Encoded);
      expect(bytes === undefined ? null : Buffer.from(bytes).toString('hex')).toBe(expected.bytes);
    },
  );
});

test('any bytes come back as they went in', () => {
  const anyBytes = fc.oneof(
    fc.uint8Array(),
    fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
  );
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const { body, isBase64Encoded } = encodeBody(bytes);
      expect(Buffer.from(decodeBody(body, isBase64Encoded) ?? 'undefined')).toEqual(
        Buffer.from(bytes),
      );
    }),
  );
});

test('bytes are text exactly when they are UTF-8 without NUL', () => {
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const isText = (bytes: Uint8Array): boolean => {
    try {
      return !utf8.decode(bytes).includes('\0');
    } catch {
      return false;
    }
  };
  const nearlyText = fc
    .tuple(fc.string({ unit: 'grapheme' }), fc.uint8Array({ maxLength: 2 }), fc.string())
    .map(([before, bytes, after]) =>
      Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]),
    );
  fc.assert(
    fc.property(nearlyText, (bytes) => {
      expect(encodeBody(bytes).isBase64Encoded).toBe(!isText(bytes));
    }),
    { numRuns: 500 },
  );
});

test('base64 is accepted exactly when it is written as RFC 4648 §4 writes it', () => {
  const canonical =
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;
  const nearly = fc.oneof(fc.base64String(), fc.stringMatching(/^[AQgwZz09+/=_\- \n]{0,12}$/));
  fc.assert(
    fc.property(nearly, (text) => {
      expect(decodeBody(text, true) !== undefined).toBe(canonical.test(text));
    }),
    { numRuns: 1000 },
  );
});

test('a view into a larger buffer is encoded alone', () => {
  const bytes = new Uint8Array([120, 97, 98, 121]).subarray(1, 3);
  expect(encodeBody(bytes)).toEqual({ body: 'ab', isBase64Encoded: false });
});

test('a lone surrogate in text becomes the replacement character', () => {
  expect(decodeBody('a\ud800', false)).toEqual(Buffer.from('a\ufffd'));
});
