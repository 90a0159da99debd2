import { describeValue } from 'lpr-protocol';
import { channels } from 'lpr-router';
import type { Router } from 'lpr-router';
import { toObservedBatch } from './observed-batch.ts';
import type { ObservedBatch } from './observed-batch.ts';

/** The batches of one router, from the moment it was asked for. */
export interface BatchRecorder extends Disposable {
  /** In release order. */
  readonly batches: readonly ObservedBatch[];
  /** Stops recording; what was recorded stays. */
  stop(): void;
}

/** Records the batches that a router, or the one inside an emulator, releases from now on. */
export function recordBatches(source: Router | { readonly router: Router }): BatchRecorder {
  const { router = source } = Object(source) as { readonly router?: unknown };
  const { id } = Object(router) as Partial<Router>;
  if (id === undefined) {
    throw new TypeError(
      `Expected a router or an emulator, got ${describeValue(source)}; a test router has its \`batches\``,
    );
  }
  const batches: ObservedBatch[] = [];
  const stop = channels.batchReleased.subscribe((message) => {
    if (message.routerId === id) batches.push(toObservedBatch(message));
  });
  return { batches, stop, [Symbol.dispose]: stop };
}
