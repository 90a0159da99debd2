import { describe, expect, test } from 'vitest';
import { advanceSequence } from '../src/index.ts';
import type { AnswerRecord, SequenceState, SequenceViolation } from '../src/index.ts';
import { readFixture } from './read-fixture.ts';
import type { FixtureCase } from './read-fixture.ts';

interface Expected {
  readonly violations: readonly (SequenceViolation | null)[];
  readonly state: SequenceState;
}

const types: readonly AnswerRecord['type'][] = ['response', 'head', 'chunk', 'end', 'error'];

describe('fixtures/record-sequences.json', () => {
  test.each(readFixture<FixtureCase<AnswerRecord['type'][], Expected>>('record-sequences.json'))(
    '$name',
    ({ input, expected }) => {
      let state: SequenceState = 'waiting';
      const violations = input.map((type) => {
        const step = advanceSequence(state, type);
        state = step.state;
        return step.violation ?? null;
      });
      expect({ violations, state }).toEqual(expected);
    },
  );
});

test('a violation never changes the state', () => {
  const changed = (['waiting', 'headed', 'ended'] as const).flatMap((state) =>
    types.filter((type) => {
      const step = advanceSequence(state, type);
      return step.violation !== undefined && step.state !== state;
    }),
  );
  expect(changed).toEqual([]);
});

test('the same step is the same object, so that nothing is allocated per record', () => {
  for (const type of types) {
    expect(advanceSequence('headed', type)).toBe(advanceSequence('headed', type));
  }
});
