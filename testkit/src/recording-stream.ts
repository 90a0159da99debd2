import { Writable } from 'node:stream';

export interface RecordingStreamOptions {
  /** Bytes that may wait before `write` returns false; default Node's 16 KiB. */
  readonly highWaterMark?: number;
  /** Takes each chunk; until it resolves the next one waits, which makes a slow reader. Default: at once. */
  readonly take?: ((chunk: Uint8Array) => Promise<void> | void) | undefined;
  /** Breaks after so many chunks, as when the reader goes away. Default: never. */
  readonly failAfter?: number | undefined;
  /** What it breaks with. */
  readonly error?: Error | undefined;
}

/**
 * The response stream of a streaming handler, as Lambda's runtime hands it out: it records what is written,
 * can be slow, and can fail. Iterating over it gives the chunks as they come, once.
 */
export class RecordingStream extends Writable implements AsyncIterable<Uint8Array> {
  /** What was taken so far, a chunk per write. */
  readonly chunks: Uint8Array[] = [];
  /** What the handler set; Lambda's default otherwise. */
  contentType = 'application/octet-stream';
  /** Whether a write was ever told to wait. */
  heldBack = false;
  readonly #options: RecordingStreamOptions;
  #wake = Promise.withResolvers<void>();
  #read = 0;

  constructor(options: RecordingStreamOptions = {}) {
    const { highWaterMark } = options;
    super(highWaterMark === undefined ? {} : { highWaterMark });
    this.#options = options;
    // Whoever iterates meets the failure there; without a listener it would end the process.
    this.on('error', () => undefined);
    for (const event of ['finish', 'close', 'error']) this.on(event, () => this.#notify());
  }

  /** All bytes taken so far. */
  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }
  /** All bytes taken so far, as text. */
  get text(): string {
    return this.bytes.toString();
  }

  setContentType(contentType: string): void {
    this.contentType = contentType;
  }

  override write(chunk: unknown, ...rest: unknown[]): boolean {
    const goOn = super.write(chunk, ...(rest as [BufferEncoding]));
    this.heldBack ||= !goOn;
    return goOn;
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error) => void): void {
    const { take, failAfter = Number.POSITIVE_INFINITY, error } = this.#options;
    if (this.chunks.length >= failAfter) {
      return done(error ?? new Error('The reader of the response stream has gone'));
    }
    this.chunks.push(chunk);
    this.#notify();
    void this.#finishTaking(take?.(chunk), done);
  }

  async #finishTaking(taken: Promise<void> | void, done: (error?: Error) => void): Promise<void> {
    let failure: Error | undefined;
    try {
      // A reader that takes at once must not cost a turn: it would look slow.
      if (taken) await taken;
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
    done(failure);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      const chunk = this.chunks[this.#read];
      if (chunk !== undefined) {
        this.#read += 1;
        yield chunk;
      } else if (this.errored) {
        throw this.errored;
      } else if (this.writableFinished) {
        return;
      } else if (this.destroyed) {
        throw new Error('The response stream was destroyed before it ended');
      } else {
        await this.#wake.promise;
      }
    }
  }

  #notify(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}
