import type { Dispatcher } from 'undici';
import type { InvokeError } from '../errors.ts';
import { EventStreamDecoder } from './event-stream.ts';
import { functionFailure, incompleteStream } from './failures.ts';

/** Bytes that may wait for the reader before the connection is no longer read. */
const MAX_WAITING_BYTES = 1_048_576;

type Chunk = IteratorResult<Uint8Array, unknown>;

interface Reader {
  readonly resolve: (result: Chunk) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The payload of a streamed answer, from the bytes of its connection on one side to its one reader on
 * the other. A reader that leaves early ends the exchange.
 */
export class StreamedAnswer implements AsyncIterableIterator<Uint8Array> {
  readonly #controller: Dispatcher.DispatchController;
  readonly #decoder = new EventStreamDecoder();
  #chunks: Uint8Array[] = [];
  #taken = 0;
  #waitingBytes = 0;
  #reader: Reader | undefined;
  #over = false;
  #error: InvokeError | undefined;

  constructor(controller: Dispatcher.DispatchController) {
    this.#controller = controller;
  }

  /** Whether nothing more is to come: the function has said so, or it broke. */
  get over(): boolean {
    return this.#over;
  }

  /** Bytes of the connection. Throws when they are no event stream; undici then calls `fail`. */
  push(bytes: Buffer): void {
    for (const { headers, payload } of this.#decoder.push(bytes)) {
      if (headers[':message-type'] !== 'event')
        throw new Error(describeException(headers, payload));
      const type = headers[':event-type'];
      if (type === 'PayloadChunk') this.#offer(payload);
      else if (type === 'InvokeComplete') this.#complete(payload);
    }
    if (this.#waitingBytes > MAX_WAITING_BYTES) this.#controller.pause();
  }

  /** The connection has brought everything. */
  end(): void {
    this.#decoder.end();
    this.#finish(incompleteStream());
  }

  fail(error: InvokeError): void {
    this.#finish(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Chunk> {
    const value = this.#chunks[this.#taken];
    if (value !== undefined) {
      this.#taken += 1;
      this.#waitingBytes -= value.byteLength;
      if (this.#taken === this.#chunks.length) {
        this.#chunks = [];
        this.#taken = 0;
      }
      if (this.#waitingBytes === 0 && this.#controller.paused) this.#controller.resume();
      return Promise.resolve({ done: false, value });
    }
    if (this.#error) return Promise.reject(this.#error);
    if (this.#over) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  return(): Promise<Chunk> {
    if (!this.#over) this.#controller.abort(new Error('Nobody reads the stream any more'));
    return Promise.resolve({ done: true, value: undefined });
  }

  #offer(chunk: Uint8Array): void {
    if (chunk.byteLength === 0) return;
    const reader = this.#reader;
    if (reader) {
      this.#reader = undefined;
      reader.resolve({ done: false, value: chunk });
      return;
    }
    this.#chunks.push(chunk);
    this.#waitingBytes += chunk.byteLength;
  }

  #complete(payload: Uint8Array): void {
    const { ErrorCode, ErrorDetails } = JSON.parse(Buffer.from(payload).toString() || '{}') as {
      ErrorCode?: string;
      ErrorDetails?: string;
    };
    this.#finish(ErrorCode ? functionFailure(ErrorCode, ErrorDetails ?? '') : undefined);
  }

  /** Only the first end counts: `InvokeComplete` comes before the end of the HTTP answer. */
  #finish(error: InvokeError | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#error = error;
    const reader = this.#reader;
    this.#reader = undefined;
    if (error) reader?.reject(error);
    else reader?.resolve({ done: true, value: undefined });
  }
}

/** An `exception` or `error` message, for the log. */
function describeException(headers: Readonly<Record<string, string>>, payload: Uint8Array): string {
  const name = headers[':exception-type'] ?? headers[':error-code'] ?? 'Error';
  const text = headers[':error-message'] ?? Buffer.from(payload).toString();
  return `${name}: ${text}`;
}
