import { AssertionError } from 'node:assert';
import * as testkit from 'lpr-testkit';
import { matchers } from 'lpr-testkit/vitest';
import { describe, expect, it } from 'vitest';

const { assertBatched, assertEveryItemAnsweredOnce, batchEvent, bufferedAnswer, responseRecord } =
  testkit;

const event = batchEvent(['/a', '/a?x']);
const [item] = event.batch;
const batches = [event];
const released = [{ event, items: event.batch, reason: 'full' }];
const [first, second] = event.batch.map((one) => testkit.frames(one));
const [head] = first!;
const streamed = testkit.ndjson([...first!, ...second!]);
const mixed = testkit.ndjson([first![0]!, ...second!, first![1]!]);

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

  it.each([
    ['toHaveBatches', testkit.assertBatches, [batches, 1], [batches, 2]],
    ['toHaveBatchOfSize', testkit.assertBatchOfSize, [batches, 2], [batches, 1]],
    ['toHaveBatched', testkit.assertBatched, [batches, [2]], [batches, [1]]],
    ['toHaveReleasedBecause', testkit.assertReleasedBecause, [released, 'full'], [batches, 'full']],
    ['toBeValidBatchPayload', testkit.assertValidBatchPayload, [event], ['{}']],
    ['batchItem', testkit.assertBatchItem, [item, { path: '/a' }], [item, { path: '/b' }]],
    ['toBeValidNdjson', testkit.assertValidNdjson, [streamed], ['{}']],
    ['toHaveRecordFor', testkit.assertRecordFor, [streamed, item], ['', item]],
    ['toAnswerEveryItemOnce', testkit.assertEveryItemAnsweredOnce, [mixed, event], ['', event]],
    ['record', testkit.assertRecord, [{ ...head, type: 'response', body: '' }], [{}]],
    ['frame', testkit.assertFrame, [head], [{ ...head, type: 'response', body: '' }]],
    ['toHaveFrames', testkit.assertFrames, [streamed, item, ['head', 'end']], ['', item, ['head']]],
    ['toBeInterleaved', testkit.assertInterleaved, [mixed], [streamed]],
    ['toHaveBodyFor', testkit.assertBodyFor, [streamed, item, ''], [streamed, item, 'x']],
  ] as const)('judge as `%s` does', (name, assertion, good, bad) => {
    const assert = assertion as (...args: readonly unknown[]) => void;
    expect(() => assert(...good)).not.toThrow();
    expect(() => assert(...bad)).toThrow(expect.objectContaining({ operator: name }));
  });

  it('are there for every matcher, and every matcher is importable alone', () => {
    const plain = Object.keys(testkit).filter((name) => /^assert(?!BatchSafe)/.test(name));
    expect(plain).toHaveLength(Object.keys(matchers).length);
    expect(testkit).toMatchObject(matchers);
  });
});
