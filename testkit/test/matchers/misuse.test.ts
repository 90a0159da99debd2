import { batchEvent, bufferedAnswer, invokeBatch, requestId, responseRecord } from 'lpr-testkit';
import * as testkit from 'lpr-testkit';
import 'lpr-testkit/vitest';
import { describe, expect, it } from 'vitest';
import { messageOf } from './message-of.ts';

const batches = [batchEvent(2)];
const both = bufferedAnswer([responseRecord(requestId(1))]);

/** Matchers as JavaScript sees them, which has no types to stop it. */
const matchers = testkit as unknown as Record<string, (...args: unknown[]) => unknown>;

describe('matchers that are given what nothing can be', () => {
  it.each([
    ['toHaveBatches', [batches, '1'], 'a number of batches, got `1` (string)'],
    ['toHaveBatches', [batches, -1], 'a number of batches, got `-1` (number)'],
    ['toHaveBatchOfSize', [batches, undefined], 'a number of items, got undefined'],
    ['toHaveBatched', [batches, 2], 'a list of batches, as in `[3, 1]`'],
    ['toHaveBatched', [batches, ['/a']], 'batch 0 to be a number of items, or a list of their'],
    ['toHaveReleasedBecause', [batches, 'late'], '(full, window, payload, drain), got `late`'],
    ['toHaveReleasedBecause', [batches, ['full', 1]], 'drain), got `1` (number)'],
    ['toHaveFrames', [both, requestId(1), 'head'], "as in `['head', 'end']`, got `head` (string)"],
    ['toHaveFrames', [both, requestId(1), ['body']], '(response, head, chunk, end, error), got'],
    ['toHaveFrames', [both, undefined, ['head']], 'an id, or an item with a `requestContext.requ'],
  ])('%s throws, so that its negation does not pass either: %o', (name, args, message) => {
    expect(() => matchers[name]!(...args)).toThrow(TypeError);
    expect(() => matchers[name]!(...args)).toThrow(message);
  });

  it('say that a promise is to be awaited', () => {
    const run = invokeBatch(() => both, 1);
    expect(() => expect(run).toAnswerEveryItemOnce()).toThrow('got a promise: await it first');
    expect(() => expect(run).toHaveBatches(1)).toThrow('got a promise: await it first');
  });

  it('say what a handler answered that answers no batch', async () => {
    const unwrapped = await invokeBatch(async () => ({ statusCode: 200, body: 'hi' }), 1);
    expect(() => expect(unwrapped).toHaveBodyFor(0, 'hi')).toThrow(
      'as `withBatchAdapter` makes one, got the answer {"statusCode":200,"body":"hi"}',
    );
    const silent = await invokeBatch(async () => undefined, 1);
    expect(() => expect(silent).not.toAnswerEveryItemOnce()).toThrow('got the answer null');
  });

  it('take no buffered answer for NDJSON', async () => {
    const run = await invokeBatch(() => both, 1);
    for (const buffered of [run, both]) {
      expect(buffered).not.toBeValidNdjson();
      expect(messageOf(() => expect(buffered).toBeValidNdjson())).toMatchInlineSnapshot(
        `"Expected NDJSON, got a buffered answer, which is one JSON document"`,
      );
    }
  });
});
