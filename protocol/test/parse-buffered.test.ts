import { describe, expect, test } from 'vitest';
import { parseBufferedAnswer } from '../src/index.ts';
import type { BadDocumentKind } from '../src/index.ts';
import { judged } from './judged.ts';
import type { Judged } from './judged.ts';
import { readFixture } from './read-fixture.ts';
import type { FixtureCase } from './read-fixture.ts';

type Expected = { readonly results: Judged[] } | { readonly fails: BadDocumentKind };

describe('fixtures/buffered-answers.json', () => {
  test.each(readFixture<FixtureCase<unknown, Expected>>('buffered-answers.json'))(
    '$name',
    ({ input, expected }) => {
      const answer = parseBufferedAnswer(input);
      expect(answer.ok ? { results: answer.results.map(judged) } : { fails: answer.kind }).toEqual(
        expected,
      );
    },
  );
});

test('the problem of an element says which element', () => {
  const answer = parseBufferedAnswer({
    v: 1,
    responses: [{ id: 'r-1', statusCode: 200 }, { id: 'r-2', statusCode: 1 }, null],
  });
  expect(
    answer.ok && answer.results.map((result) => (result.ok ? 'good' : result.problem.path)),
  ).toEqual(['good', 'responses[1].statusCode', 'responses[2]']);
});

test('a document that fails as a whole says why', () => {
  const problems = [{ v: 2, responses: [] }, { v: 1 }, { statusCode: 200 }, 'hi'].map((value) => {
    const answer = parseBufferedAnswer(value);
    return answer.ok ? undefined : answer.problem;
  });
  const wanted = 'a batch answer `{"v":1,"responses":[…]}`';
  expect(problems).toEqual([
    { path: 'v', expected: '1', got: '`2` (number)' },
    { path: 'responses', expected: 'an array', got: 'undefined' },
    { path: '', expected: wanted, got: 'an object with neither `v` nor `responses`' },
    { path: '', expected: wanted, got: '`hi` (string)' },
  ]);
});
