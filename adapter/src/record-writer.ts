import type { ResponseSink } from './aws-lambda.ts';
import { AdapterError } from './errors.ts';

interface Waiting {
  readonly chunk: string | Uint8Array;
  readonly resolve: () => void;
}

/**
 * The one writer of a response stream, however many items write to it: it listens once to each event of
 * the stream, holds everyone back while the stream is full, in the order they came, and knows when it has gone.
 * With a sink that emits nothing it writes without ever waiting.
 */
export class RecordWriter {
  readonly #sink: ResponseSink;
  readonly #done = Promise.withResolvers<void>();
  #isDone = false;
  #failure: { readonly error: unknown } | undefined;
  #full: PromiseWithResolvers<void> | undefined;
  #waiting: Waiting[] = [];

  /** @throws AdapterError `LPR_WRONG_ORDER` when `sink` is no stream. */
  constructor(sink: ResponseSink, contentType: string) {
    if (typeof (sink as ResponseSink | undefined)?.write !== 'function') {
      throw new AdapterError(
        'LPR_WRONG_ORDER',
        'responseStream',
        'the stream of a streaming invocation, with nothing but Lambda around this handler',
        typeof sink,
      );
    }
    this.#sink = sink;
    // Never removed: the stream lives as long as the invocation, and an `error` that nobody hears ends the process.
    sink.on?.('drain', () => this.#open());
    sink.on?.('finish', () => this.#finish());
    sink.on?.('close', () => this.#finish());
    sink.on?.('error', (error) => this.fail(error));
    if (sink.destroyed === true) {
      this.#finish();
    } else {
      sink.setContentType?.(contentType);
    }
  }

  /** Whether the stream has ended, failed or been destroyed: nothing written now would arrive. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Resolves when {@link isDone}. Never rejects. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  /** What the stream failed with. */
  get failure(): unknown {
    return this.#failure?.error;
  }

  /** A promise to wait for while the stream is full; `undefined` when it takes more. */
  get full(): Promise<void> | undefined {
    return this.#full?.promise;
  }

  /**
   * Writes, at once or when the stream takes more; drops the chunk when it has gone. The order of calls is the
   * order on the stream. A promise resolves when the chunk is written, and never rejects.
   */
  write(chunk: string | Uint8Array): void | Promise<void> {
    if (this.#full !== undefined) {
      return new Promise((resolve) => this.#waiting.push({ chunk, resolve }));
    }
    this.#put(chunk);
  }

  /**
   * Ends the stream and waits until it has finished, where the sink can say so: the runtime treats a stream
   * that is unfinished when its handler returns as an error. What waits is written first, without waiting
   * for `drain` when `isLate`.
   * @throws what the stream failed with.
   */
  async end(isLate = false): Promise<void> {
    while (this.#full !== undefined && this.#waiting.length > 0 && !isLate) {
      await this.#full.promise;
    }
    for (const { chunk } of this.#waiting.splice(0)) {
      this.#put(chunk);
    }
    if (!this.#isDone) {
      try {
        this.#sink.end();
      } catch (error) {
        this.fail(error);
      }
      if (this.#sink.on !== undefined && this.#sink.writableFinished === false) {
        await this.done;
      }
    }
    if (this.#failure !== undefined) {
      throw this.#failure.error;
    }
  }

  /** Gives the stream up: nothing more is written, and {@link end} throws `error`. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#finish();
  }

  #put(chunk: string | Uint8Array): void {
    if (this.#isDone) {
      return;
    }
    try {
      if (this.#sink.write(chunk) === false && this.#sink.on !== undefined && !this.#isDone) {
        this.#full ??= Promise.withResolvers();
      }
    } catch (error) {
      this.fail(error);
    }
  }

  #open(): void {
    const full = this.#full;
    this.#full = undefined;
    while (this.#full === undefined && this.#waiting.length > 0) {
      const { chunk, resolve } = this.#waiting.shift()!;
      this.#put(chunk);
      resolve();
    }
    full?.resolve();
  }

  #finish(): void {
    this.#isDone = true;
    this.#done.resolve();
    this.#open();
  }
}
