import { describe, expect, test } from 'vitest';
import { readFixture } from './read-fixture.ts';
import type { FixtureCase } from './read-fixture.ts';
import { ReferenceRouter } from './reference-router.ts';
import type { Outcomes } from './reference-router.ts';

interface Input {
  readonly ids: string[];
  readonly answer: { readonly text: string } | { readonly base64: string };
}

interface RouterCase extends FixtureCase<Input, Outcomes> {
  readonly mode: 'buffered' | 'stream';
}

const cases = readFixture<RouterCase>('router-outcomes.json');

describe('fixtures/router-outcomes.json', () => {
  test.each(cases)('$mode: $name', ({ mode, input, expected }) => {
    const { ids, answer } = input;
    const bytes =
      'text' in answer ? Buffer.from(answer.text) : Buffer.from(answer.base64, 'base64');
    const router = new ReferenceRouter(ids);
    expect(mode === 'buffered' ? router.answerBuffered(bytes) : router.answerStream(bytes)).toEqual(
      expected,
    );
  });
});

test('every case tells the fate of every client of its batch', () => {
  const incomplete = cases.filter(
    ({ input, expected }) => input.ids.join() !== Object.keys(expected.clients).join(),
  );
  expect(incomplete).toEqual([]);
});
