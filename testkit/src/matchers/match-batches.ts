import { namesOf } from '../observed-batch.ts';
import type { BatchLine } from './batch-list.ts';

/** A batch by its size, or by the names of its items. */
export type WantedBatch = number | readonly string[];

/**
 * Compares batches with wanted ones. `actual` tells of each batch what is wanted of the one in its place (of the
 * one it was paired with, in any order): its size, or its items by the names that were used.
 */
export function matchBatches(
  batches: readonly BatchLine[],
  wanted: readonly WantedBatch[],
  anyOrder: boolean,
): { readonly pass: boolean; readonly actual: readonly WantedBatch[] } {
  const used = new Set(wanted.flatMap((batch) => (typeof batch === 'number' ? [] : batch)));
  const named = batches.map(({ items }) =>
    items.map((item) => {
      const names = namesOf(item);
      return names.find((name) => used.has(name)) ?? names[0]!;
    }),
  );
  const pairs = anyOrder ? pair(named, wanted) : named.map((_, index) => wanted[index]);
  const actual = named.map((names, index) =>
    typeof (pairs[index] ?? wanted[0]) === 'number' ? names.length : names,
  );
  const pass =
    named.length === wanted.length &&
    named.every((names, index) => {
      const partner = pairs[index];
      return partner !== undefined && matches(names, partner, anyOrder);
    });
  return { pass, actual };
}

/** Named ones choose first: a size is content with more. */
function pair(named: readonly string[][], wanted: readonly WantedBatch[]) {
  const pairs: (WantedBatch | undefined)[] = named.map(() => undefined);
  const choosy = wanted.toSorted(
    (a, b) => Number(typeof a === 'number') - Number(typeof b === 'number'),
  );
  for (const partner of choosy) {
    const free = named.findIndex(
      (names, index) => pairs[index] === undefined && matches(names, partner, true),
    );
    if (free >= 0) pairs[free] = partner;
  }
  return pairs;
}

function matches(names: readonly string[], wanted: WantedBatch, anyOrder: boolean): boolean {
  if (typeof wanted === 'number') return names.length === wanted;
  const [left, right] = anyOrder ? [names.toSorted(), wanted.toSorted()] : [names, wanted];
  return left.length === right.length && left.every((name, index) => name === right[index]);
}
