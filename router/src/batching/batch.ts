import type { BatchKey } from './batch-key.ts';
import type { ReleaseReason } from './release-policy.ts';
import type { Waiter, WaiterOwner } from './waiter.ts';

export interface BatchLimits {
  /** Items in a batch, >= 1. */
  readonly maxBatchSize: number;
  /** UTF-8 bytes of the items of one payload, separators included, envelope excluded. */
  readonly maxItemBytes: number;
}

export type BatchState = 'open' | 'sealed' | 'settled';

/**
 * Owns the waiters of one invocation, from the first arrival until the last one is settled.
 *
 * While it is open, a waiter that is settled (client gone, deadline passed) leaves it and is never
 * invoked. `seal` fixes the members before anything is sent; afterwards `settled` becomes true when
 * the last member has its answer.
 */
export class Batch<W extends Waiter> implements WaiterOwner {
  readonly key: BatchKey;
  readonly firstArrivalMs: number;
  #state: BatchState = 'open';
  #waiters = new Map<string, W>();
  #unsettled = 0;
  #itemBytes = 0;
  #sumOfArrivalsMs = 0;
  #reason: ReleaseReason | undefined;
  /** Called when no member waits any more: while open, because all have left; sealed, because all are settled. Told the last of them. */
  onDeserted: ((last: Waiter, batch: Batch<W>) => void) | undefined;

  constructor(key: BatchKey, firstArrivalMs: number) {
    this.key = key;
    this.firstArrivalMs = firstArrivalMs;
  }

  get state(): BatchState {
    return this.#state;
  }
  /** Members, in arrival order. */
  get waiters(): ReadonlyMap<string, W> {
    return this.#waiters;
  }
  get size(): number {
    return this.#waiters.size;
  }
  /** Members without an answer. */
  get unsettled(): number {
    return this.#unsettled;
  }
  /** UTF-8 bytes of all items, separators included. */
  get itemBytes(): number {
    return this.#itemBytes;
  }
  get sumOfArrivalsMs(): number {
    return this.#sumOfArrivalsMs;
  }
  /** Why the batch left its window; undefined while it has not. */
  get reason(): ReleaseReason | undefined {
    return this.#reason;
  }

  add(waiter: W): void {
    this.#expect('open');
    waiter.owner = this;
    this.#waiters.set(waiter.id, waiter);
    this.#unsettled += 1;
    this.#itemBytes += waiter.itemBytes + 1;
    this.#sumOfArrivalsMs += waiter.arrivalMs;
  }

  /** The window is over; until it is sealed, members may still leave. */
  release(reason: ReleaseReason): void {
    this.#expect('open');
    this.#reason ??= reason;
  }

  /**
   * Takes over waiters of a later batch of the same key, in their order, as long as they fit; those
   * that do not fit stay where they are.
   */
  absorb(later: Batch<W>, limits: BatchLimits): void {
    for (const waiter of later.#waiters.values()) {
      const fits =
        this.size < limits.maxBatchSize &&
        this.#itemBytes + waiter.itemBytes + 1 <= limits.maxItemBytes;
      if (!fits) return;
      later.#remove(waiter);
      this.add(waiter);
    }
  }

  /** Fixes the members. Nothing is sent before this. */
  seal(): void {
    this.#expect('open');
    this.#state = this.#unsettled === 0 ? 'settled' : 'sealed';
  }

  /** Settles every member that has no answer yet. */
  settleRest(settle: (waiter: W) => void): void {
    for (const waiter of this.#waiters.values()) if (!waiter.settled) settle(waiter);
  }

  /**
   * Lets go of its members, which all have their answers. They hold each other by their batch, and one
   * that has grown old would carry all of them, sockets' buffers included, past the collection of
   * young garbage: a fifth of everything allocated lived on until a full collection.
   */
  dissolve(): void {
    this.#expect('settled');
    for (const waiter of this.#waiters.values()) waiter.owner = undefined;
    this.#waiters = new Map();
  }

  waiterSettled(waiter: Waiter): void {
    if (this.#state === 'open') {
      this.#remove(waiter);
    } else {
      this.#unsettled -= 1;
      if (this.#unsettled === 0) this.#state = 'settled';
    }
    if (this.#unsettled === 0) this.onDeserted?.(waiter, this);
  }

  #remove(waiter: Waiter): void {
    this.#waiters.delete(waiter.id);
    this.#unsettled -= 1;
    this.#itemBytes -= waiter.itemBytes + 1;
    this.#sumOfArrivalsMs -= waiter.arrivalMs;
  }

  #expect(state: BatchState): void {
    if (this.#state !== state)
      throw new Error(`Expected the batch to be ${state}, it is ${this.#state}`);
  }
}
