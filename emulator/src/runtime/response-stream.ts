import { Writable } from 'node:stream';
import { MAX_STREAM_BYTES } from '../limits.ts';
import { FunctionFailure, RuntimeError, RuntimeErrorType, tooLarge } from './errors.ts';

/** Writes before the first write of the handler. */
export type BeforeFirstWrite = (write: (chunk: string | Uint8Array) => void) => void;

interface PendingChunk {
  readonly bytes: Uint8Array;
  readonly done: () => void;
}

/**
 * The stream that a streaming handler writes to, read by iterating over it, once. A chunk is kept until
 * the reader asks for the next one, so `write` returns `false` and `drain` waits when the reader is slow.
 * A reader that stops early never stops the handler: what it writes afterwards is dropped.
 */
export class ResponseStream extends Writable implements AsyncIterable<Uint8Array> {
  /** Set by `awslambda.HttpResponseStream.from`; the name is the runtime's. */
  _onBeforeFirstWrite: BeforeFirstWrite | undefined;
  #contentType = 'application/octet-stream';
  #written = false;
  #pending: PendingChunk | undefined;
  #ended = false;
  #failure: { readonly reason: unknown } | undefined;
  #discarding = false;
  #wake: (() => void) | undefined;
  readonly #begun = Promise.withResolvers<void>();
  #tooLarge: FunctionFailure | undefined;
  #length = 0;

  constructor(highWaterMark?: number) {
    super(highWaterMark === undefined ? {} : { highWaterMark });
    // `destroy(error)` and late writes would otherwise end the process: the reader is told instead.
    this.on('error', () => undefined);
  }

  /** Content type of the answer: what the handler set, or `application/octet-stream`. */
  get contentType(): string {
    return this.#contentType;
  }

  /** Resolves when there is something to read: a first chunk, the end, or a failure. */
  get begun(): Promise<void> {
    return this.#begun.promise;
  }

  /** What the reader meets when more has been written than Lambda streams. */
  get tooLarge(): FunctionFailure | undefined {
    return this.#tooLarge;
  }

  /** Whether the answer failed before any byte of it could be read. */
  get failedUnread(): { readonly reason: unknown } | undefined {
    return this.#pending === undefined ? this.#failure : undefined;
  }

  /** Throws `Runtime.InvalidStreamingOperation` after the first write. */
  setContentType(contentType: string): void {
    if (this.#written) {
      throw new RuntimeError(
        RuntimeErrorType.invalidStreamingOperation,
        'Cannot set content-type, too late.',
      );
    }
    this.#contentType = contentType;
  }

  // The runtime hooks `write` and not `end`: `end(chunk)` alone sends no prelude there, nor here.
  override write(chunk: unknown, ...rest: unknown[]): boolean {
    const write = (piece: unknown, ...more: unknown[]): boolean =>
      super.write(piece, ...(more as [BufferEncoding]));
    if (!this.#written) {
      this.#written = true;
      this._onBeforeFirstWrite?.((piece) => void write(piece));
    }
    const isText = typeof chunk === 'string' || chunk instanceof Uint8Array;
    return write(isText ? chunk : JSON.stringify(chunk), ...rest);
  }

  override _write(bytes: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    // An empty chunk would end an HTTP body that is sent in chunks.
    if (this.#discarding || bytes.byteLength === 0) return done();
    this.#length += bytes.byteLength;
    if (this.#length > MAX_STREAM_BYTES) {
      this.#exceed();
      return done();
    }
    this.#pending = { bytes, done };
    this.#notify();
  }

  override _final(done: () => void): void {
    this.#ended = true;
    this.#notify();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.#ended) {
      this.#failure ??= { reason: error ?? new Error('Response stream is not finished.') };
      this.#ended = true;
    }
    this.#notify();
    done(error);
  }

  /** Ends the answer as failed, after what has been written; too late once the handler has ended it. */
  fail(reason: unknown): void {
    if (this.writableEnded) return;
    this.#failure ??= { reason };
    this.end();
  }

  /** Ends the answer as failed at once; what has not been read is lost. */
  abort(reason: unknown): void {
    this.#failure = { reason };
    this.discard();
    this.destroy();
  }

  /** The reader has gone, or is to go: it meets `reason`, the handler writes on into nothing. */
  abandon(reason: unknown): void {
    this.#failure ??= { reason };
    this.#ended = true;
    this.discard();
  }

  /** Drops what is written from now on, without holding the handler back. */
  discard(): void {
    this.#discarding = true;
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.done();
    this.#notify();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const pending = this.#pending;
        if (pending !== undefined) {
          yield pending.bytes;
          if (this.#pending === pending) {
            this.#pending = undefined;
            pending.done();
          }
        } else if (this.#ended) {
          if (this.#failure !== undefined) throw this.#failure.reason;
          return;
        } else {
          const { promise, resolve } = Promise.withResolvers<void>();
          this.#wake = resolve;
          await promise;
        }
      }
    } finally {
      this.discard();
    }
  }

  /** What came before can still be read; the handler writes on into nothing. */
  #exceed(): void {
    this.#tooLarge = new FunctionFailure(tooLarge(MAX_STREAM_BYTES));
    this.#failure ??= { reason: this.#tooLarge };
    this.#ended = true;
    this.#discarding = true;
    this.#notify();
  }

  #notify(): void {
    this.#begun.resolve();
    this.#wake?.();
  }
}
