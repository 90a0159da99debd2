import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NdjsonDecoder } from '../src/index.ts';
import type { RecordResult } from '../src/index.ts';
import { judged } from './judged.ts';
import type { Judged } from './judged.ts';
import { readFixture } from './read-fixture.ts';
import type { FixtureCase } from './read-fixture.ts';

interface StreamCase extends FixtureCase<
  { readonly text: string } | { readonly base64: string },
  Judged[]
> {
  readonly maxLineBytes?: number;
}

const cases = readFixture<StreamCase>('ndjson-streams.json');

function bytesOf(input: StreamCase['input']): Buffer {
  return 'text' in input ? Buffer.from(input.text) : Buffer.from(input.base64, 'base64');
}

function decode(chunks: readonly Uint8Array[], maxLineBytes?: number): RecordResult[] {
  const decoder = new NdjsonDecoder({ maxLineBytes });
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
}

function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

function cutAnywhere(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  return cutAt(
    bytes,
    cuts.map((cut) => cut % (bytes.length + 1)),
  );
}

interface Line {
  readonly id: string;
  readonly body: string;
  readonly end: string;
}

const line: fc.Arbitrary<Line> = fc.record({
  id: fc.string({ unit: 'grapheme', minLength: 1 }),
  body: fc.string({ unit: 'grapheme' }),
  end: fc.constantFrom('\n', '\r\n', '\n\n', '\n \r\n'),
});

function streamOf(lines: readonly Line[]): Buffer {
  return Buffer.from(
    lines
      .map(({ id, body, end }) => `${JSON.stringify({ id, statusCode: 200, body })}${end}`)
      .join(''),
  );
}

describe('fixtures/ndjson-streams.json', () => {
  test.each(cases)('$name', ({ input, maxLineBytes, expected }) => {
    expect(decode([bytesOf(input)], maxLineBytes).map(judged)).toEqual(expected);
  });

  test.each(cases)('$name, byte by byte', ({ input, maxLineBytes, expected }) => {
    const single = [...bytesOf(input)].map((byte) => Uint8Array.of(byte));
    expect(decode(single, maxLineBytes).map(judged)).toEqual(expected);
  });
});

test('any cut of a stream gives the same records', () => {
  const stream = fc.constantFrom(...cases).chain((fixture) => {
    const bytes = bytesOf(fixture.input);
    return fc.record({
      fixture: fc.constant(fixture),
      cuts: fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 }),
    });
  });
  fc.assert(
    fc.property(stream, ({ fixture, cuts }) => {
      const chunks = cutAt(bytesOf(fixture.input), cuts);
      expect(decode(chunks, fixture.maxLineBytes).map(judged)).toEqual(fixture.expected);
    }),
    { numRuns: 500 },
  );
});

test('any records, in any text, cut anywhere, with any line ends, come out as they went in', () => {
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat()), (lines, cuts) => {
      const chunks = cutAnywhere(streamOf(lines), cuts);
      expect(decode(chunks)).toMatchObject(lines.map(({ id, body }) => ({ record: { id, body } })));
    }),
  );
});

test('whatever the limit, a cut changes nothing and every line that is not blank has one result', () => {
  const limit = fc.integer({ min: 40, max: 90 });
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat()), limit, (lines, cuts, maxLineBytes) => {
      const bytes = streamOf(lines);
      const whole = decode([bytes], maxLineBytes);
      expect(whole).toHaveLength(lines.length);
      expect(decode(cutAnywhere(bytes, cuts), maxLineBytes)).toEqual(whole);
    }),
  );
});

test('a record comes out of the chunk that completes it', () => {
  const decoder = new NdjsonDecoder();
  expect(decoder.push(Buffer.from('{"id":"r-1","statusCode":200}'))).toEqual([]);
  expect(decoder.push(Buffer.from('\n{"id":"r-2"'))).toMatchObject([{ record: { id: 'r-1' } }]);
  expect(decoder.push(new Uint8Array(0))).toEqual([]);
  expect(decoder.push(Buffer.from(',"statusCode":200}\n'))).toMatchObject([
    { record: { id: 'r-2' } },
  ]);
  expect(decoder.end()).toEqual([]);
});

test('an overlong line is reported once, as soon as the limit is passed, and then skipped', () => {
  const decoder = new NdjsonDecoder({ maxLineBytes: 10 });
  expect(decoder.push(Buffer.alloc(10, 'x'))).toEqual([]);
  expect(decoder.push(Buffer.from('x'))).toMatchObject([{ kind: 'line_too_long', id: undefined }]);
  expect(decoder.push(Buffer.alloc(1000, 'x'))).toEqual([]);
  expect(decoder.push(Buffer.from('\n\n'))).toEqual([]);
  expect(decoder.end()).toEqual([]);
});

test('after the end the decoder is as new', () => {
  const decoder = new NdjsonDecoder({ maxLineBytes: 40 });
  expect(decoder.push(Buffer.alloc(41, 'x'))).toMatchObject([{ kind: 'line_too_long' }]);
  expect(decoder.end()).toEqual([]);
  expect(decoder.push(Buffer.from('{"id":"r-1","sta'))).toEqual([]);
  expect(decoder.end()).toMatchObject([{ kind: 'json' }]);
  expect(decoder.push(Buffer.from('{"type":"end","id":"r-1"}\n'))).toMatchObject([{ ok: true }]);
});

test('plain Uint8Arrays at any offset are read', () => {
  const text = 'xx{"type":"end","id":"r-1"}\nyy';
  const view = new Uint8Array(new TextEncoder().encode(text).buffer, 2, text.length - 4);
  expect(new NdjsonDecoder().push(view)).toMatchObject([{ record: { type: 'end', id: 'r-1' } }]);
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
  'a limit of %d is refused',
  (limit) => {
    expect(() => new NdjsonDecoder({ maxLineBytes: limit })).toThrow(
      `Expected \`maxLineBytes\` to be an integer >= 1, got \`${limit}\` (number)`,
    );
  },
);
