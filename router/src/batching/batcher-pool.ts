import type { BatchKey } from './batch-key.ts';
import { Batcher } from './batcher.ts';
import type { BatchingRules } from './batcher.ts';
import type { Clock, Timer } from './clock.ts';
import type { ReleaseReason } from './release-policy.ts';
import type { Waiter } from './waiter.ts';

/**
 * The batchers of all keys that have an open batch, and for `idleTtlMs` those whose policy remembers
 * something. One timer at most watches over the idle ones, and none when there are none.
 */
export class BatcherPool<W extends Waiter> {
  readonly #clock: Clock;
  readonly #batchers = new Map<BatchKey, Batcher<W>>();
  /** When a batcher with state was left idle, epoch ms; the oldest first. */
  readonly #idleSince = new Map<BatchKey, number>();
  #sweep: Timer | undefined;
  #draining = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Keys that take memory. */
  get size(): number {
    return this.#batchers.size;
  }
  /** Keys with an open batch. */
  get open(): number {
    return this.#batchers.size - this.#idleSince.size;
  }

  /** Adds to the batcher of `key`, which is made by `rules` when there is none. */
  add(key: BatchKey, waiter: W, rules: BatchingRules<W>): void {
    let batcher = this.#batchers.get(key);
    if (!batcher) {
      batcher = new Batcher(key, rules, () => this.#onIdle(key, rules));
      this.#batchers.set(key, batcher);
    } else if (rules.idleTtlMs > 0) {
      this.#idleSince.delete(key);
    }
    batcher.add(waiter);
    if (this.#draining) batcher.release('drain');
  }

  /** Releases every open batch now, and from now on each request as it comes. */
  drain(): void {
    this.#draining = true;
    this.releaseAll('drain');
  }

  releaseAll(reason: ReleaseReason): void {
    for (const batcher of this.#batchers.values()) batcher.release(reason);
  }

  /** Forgets the idle keys; open batches are none of its business. */
  close(): void {
    this.#sweep?.cancel();
    this.#sweep = undefined;
    for (const key of this.#idleSince.keys()) this.#batchers.delete(key);
    this.#idleSince.clear();
  }

  #onIdle(key: BatchKey, { idleTtlMs }: BatchingRules<W>): void {
    if (idleTtlMs === 0) {
      this.#batchers.delete(key);
      return;
    }
    this.#idleSince.set(key, this.#clock.now());
    this.#sweep ??= this.#clock.setTimer(idleTtlMs, () => this.#forgetIdle());
  }

  #forgetIdle(): void {
    this.#sweep = undefined;
    const now = this.#clock.now();
    for (const [key, sinceMs] of this.#idleSince) {
      const { idleTtlMs } = this.#batchers.get(key)!.rules;
      const leftMs = sinceMs + idleTtlMs - now;
      if (leftMs > 0) {
        this.#sweep = this.#clock.setTimer(leftMs, () => this.#forgetIdle());
        return;
      }
      this.#idleSince.delete(key);
      this.#batchers.delete(key);
    }
  }
}
