import type { ResponseSink } from './aws-lambda.ts';

/**
 * The one writer of a response stream, however many items write to it: it listens once to each event of
 * the stream, holds everyone back while the stream is full, and knows when it has gone.
 * With a sink that emits nothing it writes without ever waiting.
 */
export class RecordWriter {
  readonly #sink: ResponseSink;
  readonly #done = Promise.withResolvers<void>();
  #isDone = false;
  #failure: { readonly error: unknown } | undefined;
  #full: PromiseWithResolvers<void> | undefined;

  constructor(sink: ResponseSink, contentType: string) {
    this.#sink = sink;
    // Never removed: the stream lives as long as the invocation, and an `error` that nobody hears ends the process.
    sink.on?.('drain', () => this.#open());
    sink.on?.('finish', () => this.#finish());
    sink.on?.('close', () => this.#finish());
    sink.on?.('error', (error) => this.#fail(error));
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

  /** A promise to wait for while the stream is full; `undefined` when it takes more. */
  get full(): Promise<void> | undefined {
    return this.#full?.promise;
  }

  /** Writes when the stream takes more; drops the chunk when it has gone. Never rejects. */
  async write(chunk: string | Uint8Array): Promise<void> {
    // Each writer that `drain` woke looks again: the first of them may have filled the stream.
    while (this.#full !== undefined) {
      await this.#full.promise;
    }
    if (this.#isDone) {
      return;
    }
    try {
      if (this.#sink.write(chunk) === false && this.#sink.on !== undefined && !this.#isDone) {
        this.#full = Promise.withResolvers();
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /**
   * Ends the stream and waits until it has finished, where the sink can say so: the runtime treats a stream
   * that is unfinished when its handler returns as an error.
   * @throws what the stream failed with.
   */
  async end(): Promise<void> {
    if (!this.#isDone) {
      try {
        this.#sink.end();
      } catch (error) {
        this.#fail(error);
      }
      if (this.#sink.on !== undefined && this.#sink.writableFinished === false) {
        await this.done;
      }
    }
    if (this.#failure !== undefined) {
      throw this.#failure.error;
    }
  }

  #open(): void {
    const full = this.#full;
    this.#full = undefined;
    full?.resolve();
  }

  #finish(): void {
    this.#isDone = true;
    this.#done.resolve();
    this.#open();
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#finish();
  }
}
