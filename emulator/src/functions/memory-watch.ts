import { setTimeout as delay } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';

const POLL_MS = 100;
/** What is garbage already may take a moment until it is collected. */
const POLLS_ABOVE = 2;

/** A thread whose memory is limited. */
export interface WatchedThread {
  readonly worker: Worker;
  readonly limitBytes: number;
  /** Whether there is anything to watch; when there is not, watching ends. */
  readonly isBusy: () => boolean;
  readonly onExceeded: () => void;
}

/**
 * Watches heap and Buffers of a thread while it is busy; a heap's own limit does not count Buffers.
 * Resolves when the thread is not busy any more.
 */
export async function watchMemory(thread: WatchedThread): Promise<void> {
  const { worker, limitBytes, isBusy, onExceeded } = thread;
  let above = 0;
  for (;;) {
    await delay(POLL_MS, undefined, { ref: false });
    if (!isBusy()) return;
    // It answers in the middle of an endless loop, too; only an ended one does not.
    const used = await worker.getHeapStatistics().then(
      ({ used_heap_size, external_memory }) => used_heap_size + external_memory,
      () => 0,
    );
    above = used > limitBytes ? above + 1 : 0;
    if (above < POLLS_ABOVE) continue;
    onExceeded();
    return;
  }
}
