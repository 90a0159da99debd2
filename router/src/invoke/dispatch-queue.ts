import type { BatchKey } from '../batching/batch-key.ts';
import type { Batch, BatchLimits } from '../batching/batch.ts';
import type { PendingRequest } from '../demux/pending-request.ts';
import type { Operation } from '../routing/operation.ts';
import { FairQueue } from './fair-queue.ts';
import type { QueueEntry } from './fair-queue.ts';

type PendingBatch = Batch<PendingRequest>;

interface Entry extends QueueEntry {
  readonly operation: Operation;
  readonly batch: PendingBatch;
}

export interface DispatchQueueOptions {
  /** Invocations at a time, over all functions. */
  readonly maxInflight: number;
  /** Batches that may wait for a turn. */
  readonly maxPending: number;
  /** Seals and invokes; never rejects. */
  readonly run: (operation: Operation, batch: PendingBatch) => Promise<void>;
  /** Takes a batch that may not wait any more: `maxPending` is reached. */
  readonly reject: (operation: Operation, batch: PendingBatch) => void;
}

/**
 * Released batches on their way to an invocation. Those that have to wait stay unsealed: requests
 * whose client left or whose deadline passed still leave them, and later batches of the same key
 * fill them up to the limits.
 */
export class DispatchQueue {
  readonly #options: DispatchQueueOptions;
  readonly #queue: FairQueue<Entry>;
  /** What waits, by key and in order; the last of a key still takes company. */
  readonly #keys = new Map<BatchKey, Entry[]>();
  #maxPending: number;
  /** One for all batches. */
  readonly #onDeserted = (_last: unknown, batch: PendingBatch) => {
    const entry = this.#keys.get(batch.key)?.find((waiting) => waiting.batch === batch);
    if (entry && this.#queue.remove(entry)) this.#leave(entry);
  };

  constructor(options: DispatchQueueOptions) {
    this.#options = options;
    this.#maxPending = options.maxPending;
    this.#queue = new FairQueue({
      maxInflight: options.maxInflight,
      run: (entry) => {
        this.#leave(entry);
        entry.batch.onDeserted = undefined;
        return options.run(entry.operation, entry.batch);
      },
    });
  }

  /** Invocations in flight. */
  get inflight(): number {
    return this.#queue.inflight;
  }
  /** Batches that wait for a turn. */
  get waiting(): number {
    return this.#queue.waiting;
  }
  /** Requests that wait for a turn. */
  get depth(): number {
    let depth = 0;
    for (const key of this.#keys.keys()) depth += this.depthOf(key);
    return depth;
  }

  /** Requests of a key that are released and not yet handed to an invocation. */
  depthOf(key: BatchKey): number {
    const entries = this.#keys.get(key);
    if (!entries) return 0;
    return entries.reduce((sum, { batch }) => sum + batch.size, 0);
  }

  setMaxPending(maxPending: number): void {
    this.#maxPending = maxPending;
  }

  push(operation: Operation, batch: PendingBatch, limits: BatchLimits): void {
    const last = this.#keys.get(batch.key)?.at(-1);
    last?.batch.absorb(batch, limits);
    if (batch.size === 0) return;
    const { functionArn: lane, maxInFlight: laneLimit = Number.POSITIVE_INFINITY } = operation;
    const entry: Entry = { lane, laneLimit, operation, batch };
    if (this.#queue.waiting >= this.#maxPending && this.#queue.isSaturated(entry)) {
      return this.#options.reject(operation, batch);
    }
    batch.onDeserted = this.#onDeserted;
    const waiting = this.#keys.get(batch.key);
    if (waiting) waiting.push(entry);
    else this.#keys.set(batch.key, [entry]);
    this.#queue.push(entry);
  }

  /** Resolves when nothing runs or waits. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  #leave(entry: Entry): void {
    const { key } = entry.batch;
    const waiting = this.#keys.get(key);
    if (!waiting) return;
    const index = waiting.indexOf(entry);
    if (index >= 0) waiting.splice(index, 1);
    if (waiting.length === 0) this.#keys.delete(key);
  }
}
