import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatProblem, isBatchEvent, itemId, parseBatch } from '../src/index.ts';
import { readFixture } from './read-fixture.ts';
import type { FixtureCase } from './read-fixture.ts';

type Validity = { readonly valid: true } | { readonly valid: false; readonly paths: string[] };
type Recognition =
  | { readonly batch: true; readonly ids: (string | null)[] }
  | { readonly batch: false };

const events = readFixture<FixtureCase<unknown, Validity>>('batch-events.json');

describe('fixtures/batch-events.json', () => {
  test.each(events)('$name', ({ input, expected }) => {
    const result = parseBatch(input);
    const found = result.ok
      ? { valid: true }
      : { valid: false, paths: result.problems.map(({ path }) => path).toSorted() };
    expect(found).toEqual(
      expected.valid ? expected : { ...expected, paths: expected.paths.toSorted() },
    );
  });
});

describe('fixtures/batch-recognition.json', () => {
  test.each(readFixture<FixtureCase<unknown, Recognition>>('batch-recognition.json'))(
    '$name',
    ({ input, expected }) => {
      const recognised = isBatchEvent(input)
        ? { batch: true, ids: input.batch.map((item) => itemId(item) ?? null) }
        : { batch: false };
      expect(recognised).toEqual(expected);
    },
  );
});

test('a good batch is returned as it is, not copied', () => {
  const input = events[0]?.input;
  expect(parseBatch(input)).toEqual({ ok: true, value: input });
});

test('a problem reads as one sentence', () => {
  const result = parseBatch({ v: 2, meta: {}, batch: [] });
  expect(!result.ok && result.problems.map(formatProblem)).toEqual([
    'Expected `v` to be 1, got `2` (number)',
    'Expected `meta.router` to be "lambda-parallel-router", got undefined',
    'Expected `meta.route` to be a path template, got undefined',
    'Expected `meta.receivedAtMs` to be an integer of epoch milliseconds, got undefined',
    'Expected `batch` to be an array of at least one item, got an empty array',
  ]);
});

test('any JSON value, and any good batch with one value replaced, is judged without throwing', () => {
  const good = JSON.stringify(events[0]?.input);
  const leaves = good.match(/(?<=:)(?:"[^"]*"|\d+|false|\[\]|\{\})/g) ?? [];
  const replaced = fc
    .tuple(fc.nat({ max: leaves.length - 1 }), fc.json())
    .map(([index, json]): unknown => {
      let at = -1;
      return JSON.parse(
        good.replace(/(?<=:)(?:"[^"]*"|\d+|false|\[\]|\{\})/g, (leaf) => {
          at += 1;
          return at === index ? json : leaf;
        }),
      );
    });
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), replaced), (value) => {
      const result = parseBatch(value);
      expect(result.ok || result.problems.length > 0).toBe(true);
      isBatchEvent(value);
      itemId(value);
    }),
  );
});
