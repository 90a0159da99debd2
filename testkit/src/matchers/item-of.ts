import { isBatchEvent } from 'lpr-protocol';
import type { HttpEvent } from 'lpr-protocol';
import { idOf } from '../factories/ids.ts';
import type { ItemRef } from '../factories/ids.ts';

/** An item by itself or its id; of what `invokeBatch` and `invokeBatchStream` give, also its index in the batch. */
export type ItemOf = ItemRef | number;

/** The id that an answer to the item carries. */
export function idIn(received: unknown, item: ItemOf): string {
  if (typeof item !== 'number') return idOf(item);
  const { event } = Object(received) as { event?: unknown };
  const batch = isBatchEvent(event) ? event.batch : undefined;
  const found = batch?.[item];
  if (found !== undefined) return idOf(found as HttpEvent);
  const has = batch ? `one of ${batch.length} items` : 'no batch to count in';
  throw new TypeError(
    `Expected the index of an item of what \`invokeBatch\` gives, got \`${item}\` with ${has}`,
  );
}
