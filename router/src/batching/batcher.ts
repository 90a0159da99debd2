import { Batch } from './batch.ts';
import type { BatchLimits } from './batch.ts';
import type { BatchKey } from './batch-key.ts';
import type { Clock, Timer } from './clock.ts';
import type { ReleasePolicy, ReleasePolicyFactory, ReleaseReason } from './release-policy.ts';
import type { Waiter } from './waiter.ts';

/** How the requests of one route are batched. */
export interface BatchingRules<W extends Waiter> {
  readonly clock: Clock;
  readonly policy: ReleasePolicyFactory;
  readonly limits: BatchLimits;
  /** How long the policy's state outlives the last batch of a key, in ms; 0 when it has none. */
  readonly idleTtlMs: number;
  /** Takes a batch whose window is over. Called synchronously, never with an empty batch. */
  readonly onRelease: (batch: Batch<W>) => void;
}

/** Collects the waiters of one key into batches; at most one batch is open at a time. */
export class Batcher<W extends Waiter> {
  readonly #key: BatchKey;
  readonly #rules: BatchingRules<W>;
  readonly #policy: ReleasePolicy;
  readonly #onIdle: () => void;
  #open: Batch<W> | undefined;
  #timer: Timer | undefined;
  #releaseAtMs = 0;

  /** `onIdle` is told when the open batch has gone and no other has taken its place. */
  constructor(key: BatchKey, rules: BatchingRules<W>, onIdle: () => void) {
    this.#key = key;
    this.#rules = rules;
    this.#policy = rules.policy();
    this.#onIdle = onIdle;
  }

  get rules(): BatchingRules<W> {
    return this.#rules;
  }

  /** The caller has made sure that the item alone fits `maxItemBytes`. */
  add(waiter: W): void {
    const { clock, limits } = this.#rules;
    if (this.#open && this.#open.itemBytes + waiter.itemBytes + 1 > limits.maxItemBytes) {
      this.#handOver('payload');
    }
    const now = clock.now();
    const batch = (this.#open ??= this.#openBatch(now));
    batch.add(waiter);
    const { size, firstArrivalMs, sumOfArrivalsMs } = batch;
    const waitMs = this.#policy.releaseInMs({ now, size, firstArrivalMs, sumOfArrivalsMs });
    if (size >= limits.maxBatchSize) return this.release('full');
    if (waitMs <= 0) return this.release('window');
    if (this.#timer && now + waitMs === this.#releaseAtMs) return;
    this.#timer?.cancel();
    this.#releaseAtMs = now + waitMs;
    this.#timer = clock.setTimer(waitMs, () => this.release('window'));
  }

  /** Releases the open batch, if there is one. */
  release(reason: ReleaseReason): void {
    if (!this.#open) return;
    this.#handOver(reason);
    if (!this.#open) this.#onIdle();
  }

  #openBatch(now: number): Batch<W> {
    const batch = new Batch<W>(this.#key, now);
    batch.onDeserted = () => {
      this.#close();
      this.#onIdle();
    };
    return batch;
  }

  #handOver(reason: ReleaseReason): void {
    const batch = this.#close();
    if (!batch) return;
    batch.onDeserted = undefined;
    batch.release(reason);
    this.#rules.onRelease(batch);
  }

  #close(): Batch<W> | undefined {
    const batch = this.#open;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#open = undefined;
    return batch;
  }
}
