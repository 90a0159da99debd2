import type { ReleaseReason } from 'lpr-router';
import { batchesOf, batchLines } from './batch-list.ts';
import { checkBatches, checkCount, checkReasons } from './check-expected.ts';
import { matchBatches } from './match-batches.ts';
import type { WantedBatch } from './match-batches.ts';
import { toVerdict } from './verdict.ts';
import type { Verdict } from './verdict.ts';
import { count } from './wording.ts';

/** Passes when exactly `expected` batches were released. */
export function toHaveBatches(received: unknown, expected: number): Verdict {
  checkCount(expected, 'batches');
  const batches = batchesOf(received);
  return toVerdict({
    pass: batches.length === expected,
    expected: `${count(expected, 'batch', 'batches')}, got ${batches.length}`,
    notExpected: `another number of batches than ${expected}`,
    lines: () => batchLines(batches),
  });
}

/** Passes when some batch had exactly `expected` items. */
export function toHaveBatchOfSize(received: unknown, expected: number): Verdict {
  checkCount(expected, 'items');
  const batches = batchesOf(received);
  const closest = batches.toSorted(
    (a, b) => Math.abs(a.items.length - expected) - Math.abs(b.items.length - expected),
  );
  return toVerdict({
    pass: closest[0]?.items.length === expected,
    expected: `a batch of ${count(expected, 'item')}, got ${none(batches.length)}`,
    notExpected: `no batch of ${count(expected, 'item')}`,
    lines: () => batchLines(closest),
  });
}

export interface BatchedOptions {
  /** Compares the batches in any order, and the named items of each in any order, too. */
  readonly anyOrder?: boolean;
}

/**
 * Passes when exactly these batches were released, in this order: each given by its size, or by its items, an
 * item by its path with its query (`/a?b=c`), the method before it (`GET /a`), or its request id.
 */
export function toHaveBatched(
  received: unknown,
  expected: readonly WantedBatch[],
  { anyOrder = false }: BatchedOptions = {},
): Verdict {
  checkBatches(expected);
  const batches = batchesOf(received);
  const { pass, actual } = matchBatches(batches, expected, anyOrder);
  const order = anyOrder ? ' in any order' : '';
  return toVerdict({
    pass,
    expected: `batches of ${text(expected)}${order}, got ${text(actual)}`,
    notExpected: `other batches than ${text(expected)}${order}`,
    lines: () => batchLines(batches),
    diff: { actual, expected },
  });
}

/** Passes when every batch, and at least one, left for this reason; of a list, each for the one in its place. */
export function toHaveReleasedBecause(
  received: unknown,
  expected: ReleaseReason | readonly ReleaseReason[],
): Verdict {
  checkReasons(expected);
  const batches = batchesOf(received);
  const actual = batches.map(({ reason }) => reason ?? 'unknown');
  const wanted = typeof expected === 'string' ? batches.map(() => expected) : [...expected];
  const pass =
    batches.length > 0 &&
    actual.length === wanted.length &&
    actual.every((reason, index) => reason === wanted[index]);
  const name = typeof expected === 'string' ? expected : expected.join(', ');
  return toVerdict({
    pass,
    expected: `release because of ${name}, got ${actual.join(', ') || none(0)}`,
    notExpected: `release for other reasons than ${name}`,
    lines: () => batchLines(batches),
    diff: { actual, expected: wanted },
  });
}

function text(batches: readonly WantedBatch[]): string {
  const sizes = batches.map((batch) =>
    typeof batch === 'number' ? String(batch) : `[${batch.join(', ')}]`,
  );
  return sizes.join(', ') || 'nothing';
}

function none(batches: number): string {
  return batches === 0 ? 'no batch' : count(batches, 'other', 'others');
}
