import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { isRequestId, parseRequestId } from '../src/index.ts';

test('r- and a UUID is a request id', () => {
  const id = `r-${randomUUID()}`;
  expect(parseRequestId(id)).toBe(id);
  expect(isRequestId(id)).toBe(true);
});

test.each([
  ['r-1', '`r-1` (string)'],
  ['', '`` (string)'],
  [undefined, 'undefined'],
  [7, '`7` (number)'],
  [`x${randomUUID()}`.padEnd(80, 'x'), /…` \(string\)$/],
])('%j is refused', (value, got) => {
  expect(isRequestId(value)).toBe(false);
  expect(() => parseRequestId(value)).toThrow(TypeError);
  expect(() => parseRequestId(value)).toThrow(got);
});

test('nothing may stand around the UUID, a newline least of all', () => {
  const id = `r-${randomUUID()}`;
  expect([`${id}\n`, ` ${id}`, `${id}x`, id.toUpperCase()].map(isRequestId)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
