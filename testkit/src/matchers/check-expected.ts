import { describeValue } from 'lpr-protocol';
import type { AnswerRecord } from 'lpr-protocol';
import type { ReleaseReason } from 'lpr-router';

// What nothing can ever be is refused by a TypeError: negated, a matcher would pass for it whatever happens.

const REASONS = ['full', 'window', 'payload', 'drain'] as const satisfies readonly ReleaseReason[];
const TYPES = [
  'response',
  'head',
  'chunk',
  'end',
  'error',
] as const satisfies readonly AnswerRecord['type'][];

/** `what` is `batches` or `items`. */
export function checkCount(expected: unknown, what: string): void {
  if (!isCount(expected)) throw unfit(`a number of ${what}`, expected);
}

export function checkBatches(expected: unknown): void {
  if (!Array.isArray(expected)) {
    throw unfit("a list of batches, as in `[3, 1]` or `[['/a', '/b'], 1]`", expected);
  }
  for (const [index, batch] of expected.entries()) {
    const isNamed = Array.isArray(batch) && batch.every((name) => typeof name === 'string');
    if (!isCount(batch) && !isNamed) {
      throw unfit(`batch ${index} to be a number of items, or a list of their names`, batch);
    }
  }
}

export function checkReasons(expected: unknown): void {
  for (const reason of Array.isArray(expected) ? expected : [expected]) {
    if (!(REASONS as readonly unknown[]).includes(reason)) {
      throw unfit(`a reason for release (${REASONS.join(', ')})`, reason);
    }
  }
}

export function checkTypes(expected: unknown): void {
  if (!Array.isArray(expected)) throw unfit("a list of types, as in `['head', 'end']`", expected);
  for (const type of expected) {
    if (!(TYPES as readonly unknown[]).includes(type)) {
      throw unfit(`a type of records (${TYPES.join(', ')})`, type);
    }
  }
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function unfit(wanted: string, got: unknown): TypeError {
  return new TypeError(`Expected ${wanted}, got ${describeValue(got)}`);
}
