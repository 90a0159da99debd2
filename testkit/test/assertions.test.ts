import { AssertionError } from 'node:assert';
import * as testkit from 'lpr-testkit';
import { matchers } from 'lpr-testkit/vitest';
import { describe, expect, it } from 'vitest';

const { assertBatched, assertEveryItemAnsweredOnce, batchEvent, bufferedAnswer, responseRecord } =
  testkit;

describe('assertions without vitest', () => {
  it('throw an AssertionError with the message and both sides', () => {
    const batches = [batchEvent(2)];
    assertBatched(batches, [2]);
    let thrown: unknown;
    try {
      assertBatched(batches, [1, 1]);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(AssertionError);
    expect(thrown).toMatchObject({
      message: expect.stringContaining('Expected batches of 1, 1, got 2'),
      actual: [2],
      expected: [1, 1],
      operator: 'toHaveBatched',
    });
    // vitest would print Node's `diff: 'simple'` below the message.
    expect(thrown).not.toHaveProperty('diff');
  });

  it('judge an answer as the matcher does', () => {
    const event = batchEvent(1);
    assertEveryItemAnsweredOnce(bufferedAnswer([responseRecord(event.batch[0]!)]), event);
    expect(() => assertEveryItemAnsweredOnce(bufferedAnswer([]), event)).toThrow('missing');
  });

  it('are there for every matcher, and every matcher is importable alone', () => {
    const plain = Object.keys(testkit).filter((name) => /^assert(?!BatchSafe)/.test(name));
    expect(plain).toHaveLength(Object.keys(matchers).length);
    expect(testkit).toMatchObject(matchers);
  });
});
