import type { BatchKey } from './batch-key.ts';
import { Batcher } from './batcher.ts';
import type { BatchingRules } from './batcher.ts';
import type { ReleaseReason } from './release-policy.ts';
import type { Waiter } from './waiter.ts';

/** The batchers of all keys that have an open batch; a key without one takes no memory. */
export class BatcherPool<W extends Waiter> {
  readonly #batchers = new Map<BatchKey, Batcher<W>>();

  /** Keys with an open batch. */
  get size(): number {
    return this.#batchers.size;
  }

  /** Adds to the batcher of `key`, which is made by `rules` when there is none. */
  add(key: BatchKey, waiter: W, rules: BatchingRules<W>): void {
    let batcher = this.#batchers.get(key);
    if (!batcher) {
      batcher = new Batcher(key, rules, () => this.#batchers.delete(key));
      this.#batchers.set(key, batcher);
    }
    batcher.add(waiter);
  }

  /** Releases every open batch now. */
  releaseAll(reason: ReleaseReason): void {
    for (const batcher of this.#batchers.values()) batcher.release(reason);
  }
}
