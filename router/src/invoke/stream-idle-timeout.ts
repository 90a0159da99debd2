import type { Clock, Timer } from '../batching/clock.ts';
import { InvokeError } from '../errors.ts';
import type { Invoker } from './invoker.ts';

export interface StreamIdleTimeoutOptions {
  readonly clock: Clock;
  /** Longest silence of a function that has begun to stream, in ms. */
  readonly idleMs: number;
}

/**
 * Aborts a streamed invocation that falls silent for `idleMs` after its first chunk; reading its
 * chunks then rejects with `LPR_DEADLINE_EXCEEDED`. Until the first chunk the deadlines of the
 * requests bound it, and time that the reader takes does not count.
 */
export function streamIdleTimeout(invoker: Invoker, options: StreamIdleTimeoutOptions): Invoker {
  return {
    async invoke(invocation) {
      if (invocation.mode !== 'stream') return invoker.invoke(invocation);
      const { signal } = invocation;
      const controller = new AbortController();
      // `AbortSignal.any` would do, for several times the cost and garbage that takes finalizers.
      const onAbort = () => controller.abort(signal.reason);
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort);
      const answer = await invoker.invoke({ ...invocation, signal: controller.signal });
      if (answer.type !== 'stream') return answer;
      const onStalled = () => controller.abort(STALLED);
      return { ...answer, chunks: new WatchedChunks(answer.chunks, options, onStalled) };
    },
    close: async () => invoker.close?.(),
  };
}

/** Made once: an `AbortError` of its own costs each abortion a stack trace. */
const STALLED = new Error('The stream has stalled');

type Chunk = IteratorResult<Uint8Array, unknown>;

/** Chunks with one timer a stream, not one a chunk: when it runs out it is set for what is left. */
class WatchedChunks implements AsyncIterableIterator<Uint8Array> {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #options: StreamIdleTimeoutOptions;
  readonly #onStalled: () => void;
  #timer: Timer | undefined;
  /** When the reader began to wait for the chunk that is due; undefined while it does not wait. */
  #waitingSinceMs: number | undefined;
  #rejectWaiting: ((error: InvokeError) => void) | undefined;
  #begun = false;

  constructor(
    chunks: AsyncIterable<Uint8Array>,
    options: StreamIdleTimeoutOptions,
    onStalled: () => void,
  ) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#options = options;
    this.#onStalled = onStalled;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Chunk> {
    if (this.#begun) this.#waitingSinceMs = this.#options.clock.now();
    return new Promise<Chunk>((resolve, reject) => {
      this.#rejectWaiting = reject;
      this.#chunks.next().then(
        (result) => {
          this.#waitingSinceMs = undefined;
          if (result.done) this.#stop();
          else if (!this.#begun) this.#begin();
          resolve(result);
        },
        (error: unknown) => {
          this.#stop();
          reject(error);
        },
      );
    });
  }

  async return(): Promise<Chunk> {
    this.#stop();
    await this.#chunks.return?.();
    return { done: true, value: undefined };
  }

  #begin(): void {
    this.#begun = true;
    this.#watch(this.#options.idleMs);
  }

  #watch(delayMs: number): void {
    const { clock, idleMs } = this.#options;
    this.#timer = clock.setTimer(delayMs, () => {
      const silentMs = this.#waitingSinceMs === undefined ? 0 : clock.now() - this.#waitingSinceMs;
      if (silentMs < idleMs) return this.#watch(idleMs - silentMs);
      this.#timer = undefined;
      const message = `Expected a chunk within ${idleMs} ms of the last one`;
      this.#rejectWaiting?.(new InvokeError('LPR_DEADLINE_EXCEEDED', message));
      this.#onStalled();
    });
  }

  #stop(): void {
    this.#waitingSinceMs = undefined;
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
