import { expect, test } from 'vitest';
import { isBatchEvent, itemId, parseResponseRecord } from '../src/index.ts';
import { readFixture } from './read-fixture.ts';
import type { FixtureCase } from './read-fixture.ts';

interface ExpectedAnswer {
  readonly statusCode: number;
  readonly headers?: Record<string, string>;
  readonly cookies?: string[];
  readonly body?: string;
  readonly chunks?: string[];
}

interface AdapterCase extends FixtureCase<unknown, Record<string, ExpectedAnswer>> {
  readonly completion?: string[];
}

const cases = readFixture<AdapterCase>('adapter-answers.json');

test.each(cases)('$name: the batch is one, and each of its items has its answer', (one) => {
  const ids = isBatchEvent(one.input) ? one.input.batch.map(itemId) : undefined;
  expect(Object.keys(one.expected)).toEqual(ids);
  expect((one.completion ?? ids)?.toSorted()).toEqual(ids?.toSorted());
});

test.each(cases)('$name: each answer is legal and its chunks add up', ({ expected }) => {
  for (const [id, { chunks, body, ...fields }] of Object.entries(expected)) {
    expect(parseResponseRecord({ id, ...fields })).toMatchObject({ ok: true });
    expect(chunks === undefined || chunks.join('') === body).toBe(true);
    expect(body).toMatch(/^(?:[\da-f]{2})*$/);
  }
  expect(expected).toBeTypeOf('object');
});
