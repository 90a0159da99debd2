import { assertionError } from './assertion-error.ts';
import { batchItem, toBeValidBatchPayload } from './matchers/batch-payload.ts';
import {
  toHaveBatched,
  toHaveBatches,
  toHaveBatchOfSize,
  toHaveReleasedBecause,
} from './matchers/batches.ts';
import { toBeInterleaved, toHaveBodyFor, toHaveFrames } from './matchers/frames.ts';
import {
  frame,
  record,
  toAnswerEveryItemOnce,
  toBeValidNdjson,
  toHaveRecordFor,
} from './matchers/records.ts';
import type { Verdict } from './matchers/verdict.ts';

/**
 * Makes a plain assertion of a matcher, for `node:test` and other runners: it takes what the matcher takes and
 * throws an `AssertionError` with the matcher's message, `actual` and `expected`.
 */
function assertion<Args extends readonly unknown[]>(
  matcher: (received: unknown, ...args: Args) => Verdict,
): (received: unknown, ...args: Args) => void {
  const assertion = (received: unknown, ...args: Args): void => {
    const { pass, message, actual, expected } = matcher(received, ...args);
    if (pass) return;
    const operator = matcher.name;
    throw assertionError({
      message: message(),
      actual,
      expected,
      operator,
      stackStartFn: assertion,
    });
  };
  return assertion;
}

export const assertBatches = assertion(toHaveBatches);
export const assertBatchOfSize = assertion(toHaveBatchOfSize);
export const assertBatched = assertion(toHaveBatched);
export const assertReleasedBecause = assertion(toHaveReleasedBecause);
export const assertValidBatchPayload = assertion(toBeValidBatchPayload);
export const assertBatchItem = assertion(batchItem);
export const assertValidNdjson = assertion(toBeValidNdjson);
export const assertRecordFor = assertion(toHaveRecordFor);
export const assertEveryItemAnsweredOnce = assertion(toAnswerEveryItemOnce);
export const assertRecord = assertion(record);
export const assertFrame = assertion(frame);
export const assertFrames = assertion(toHaveFrames);
export const assertInterleaved = assertion(toBeInterleaved);
export const assertBodyFor = assertion(toHaveBodyFor);
