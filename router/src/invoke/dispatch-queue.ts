import type { Batch } from '../batching/batch.ts';
import type { PendingRequest } from '../demux/pending-request.ts';
import type { Operation } from '../routing/operation.ts';
import { FairQueue } from './fair-queue.ts';
import { runBatch } from './run-batch.ts';
import type { RunBatchOptions } from './run-batch.ts';

type PendingBatch = Batch<PendingRequest>;

export interface DispatchQueueOptions {
  readonly maxInflight: number;
  readonly runBatch: RunBatchOptions;
}

/**
 * Released batches on their way to an invocation. A batch is sealed only when its turn comes: until
 * then requests whose client left or whose deadline passed still leave it, and an empty one vanishes.
 */
export class DispatchQueue {
  readonly #queue: FairQueue<{ readonly operation: Operation; readonly batch: PendingBatch }>;
  readonly #running = new Set<Promise<void>>();

  constructor(options: DispatchQueueOptions) {
    this.#queue = new FairQueue({
      maxInflight: options.maxInflight,
      run: ({ operation, batch }) => {
        const running = runBatch(operation, batch, options.runBatch);
        this.#running.add(running);
        void running.finally(() => this.#running.delete(running));
        return running;
      },
    });
  }

  get inflight(): number {
    return this.#queue.inflight;
  }
  get waiting(): number {
    return this.#queue.waiting;
  }

  push(operation: Operation, batch: PendingBatch): void {
    const entry = { operation, batch };
    batch.onDeserted = () => this.#queue.remove(operation.functionArn, entry);
    this.#queue.push(operation.functionArn, entry);
  }

  /** Resolves when nothing runs or waits. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
