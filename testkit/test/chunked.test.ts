import { chunked, everySplit } from 'lpr-testkit';
import { describe, expect, it } from 'vitest';

const texts = (pieces: Iterable<Uint8Array>) =>
  Array.from(pieces, (piece) => Buffer.from(piece).toString());

describe('chunked', () => {
  it('cuts every so many bytes, or at offsets', () => {
    expect(texts(chunked('abcde', 2))).toEqual(['ab', 'cd', 'e']);
    expect(texts(chunked('abcd', 2))).toEqual(['ab', 'cd']);
    expect(texts(chunked('abcde', [4, 1]))).toEqual(['a', 'bcd', 'e']);
    expect(texts(chunked('ab', [0, 1, 1]))).toEqual(['', 'a', '', 'b']);
    expect(texts(chunked('', 3))).toEqual(['']);
    expect(() => chunked('a', 0)).toThrow(
      'Expected `cuts` to be an integer >= 1 or a list, got `0`',
    );
    for (const cut of [-1, 3, 0.5]) {
      expect(() => chunked('ab', [1, cut])).toThrow(
        `Expected \`cuts\` to be offsets 0–2, got \`${cut}\``,
      );
    }
  });

  it('cuts in two everywhere, inside characters, too', () => {
    expect([...everySplit('aë')].map(([left, right]) => [left.length, right.length])).toEqual([
      [1, 2],
      [2, 1],
    ]);
    expect([...everySplit('a')]).toEqual([]);
  });
});
