import { describe, expect, test } from 'vitest';
import { errorBody, WireCode } from '../src/index.ts';
import type { WireError } from '../src/index.ts';
import { readFixture } from './read-fixture.ts';
import type { FixtureCase } from './read-fixture.ts';

describe('fixtures/error-bodies.json', () => {
  test.each(readFixture<FixtureCase<WireError, string>>('error-bodies.json'))(
    '$name',
    ({ input, expected }) => {
      expect(errorBody(input)).toBe(expected);
    },
  );
});

test('codes are stable: none is renamed or reused, new ones are added here', () => {
  expect(Object.values(WireCode)).toEqual([
    'LPR_FUNCTION_ERROR',
    'LPR_BAD_RESPONSE',
    'LPR_MISSING_RESPONSE',
    'LPR_NOT_BATCH_AWARE',
    'LPR_DEADLINE_EXCEEDED',
  ]);
});
