import { KeptBytes } from './kept-bytes.ts';
import type { ArrivedRecord } from './messages.ts';

/** Of a line that is kept. */
const MAX_LINE_BYTES = 65_536;
/** Of all records of an invocation that are kept. */
const MAX_BYTES = 524_288;
const MAX_RECORDS = 1000;
const NEW_LINE = 0x0a;

interface Arrived {
  readonly atMs: number;
  readonly bytes: KeptBytes;
}

/**
 * What a function has answered, record by record, with the time at which each was complete. A stream
 * without lines, or a buffered answer, is a record for each piece.
 */
export class ArrivedRecords {
  readonly #records: Arrived[] = [];
  /** Unknown until the first byte. */
  #lines: boolean | undefined;
  #open: KeptBytes | undefined;
  #kept = 0;
  #cut = 0;

  /** `false`: what comes has no lines, whatever it looks like. */
  constructor(lines?: false) {
    this.#lines = lines;
  }

  /** Bytes in memory. */
  get kept(): number {
    return this.#kept;
  }

  /** Records that were not kept. */
  get cut(): number {
    return this.#cut;
  }

  /** Takes a piece of a stream; `atMs` is counted from the release. */
  addChunk(chunk: Uint8Array, atMs: number): void {
    if (chunk.byteLength === 0) return;
    // Records are objects in JSON: whatever begins otherwise has no lines to tell apart.
    this.#lines ??= chunk[0] === 0x7b;
    if (!this.#lines) return this.addWhole(chunk, atMs);
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(NEW_LINE, from);
      this.#open ??= new KeptBytes(Math.min(MAX_LINE_BYTES, MAX_BYTES - this.#kept));
      this.#open.add(chunk.subarray(from, end < 0 ? undefined : end));
      if (end < 0) return;
      this.#close(atMs);
      from = end + 1;
      if (from === chunk.byteLength) return;
    }
  }

  /** Takes a buffered answer, or a piece of something without lines. */
  addWhole(bytes: Uint8Array, atMs: number): void {
    this.#open = new KeptBytes(MAX_BYTES - this.#kept);
    this.#open.add(bytes);
    this.#close(atMs);
  }

  /** The stream is over: what has no line end counts as well. */
  end(atMs: number): void {
    if (this.#open !== undefined) this.#close(atMs);
  }

  show(): ArrivedRecord[] {
    return this.#records.map(({ atMs, bytes }) => ({ atMs, ...bytes.show() }));
  }

  #close(atMs: number): void {
    const bytes = this.#open;
    this.#open = undefined;
    if (bytes === undefined) return;
    if (this.#records.length >= MAX_RECORDS || this.#kept >= MAX_BYTES) {
      this.#cut += 1;
      return;
    }
    this.#kept += bytes.kept;
    this.#records.push({ atMs, bytes });
  }
}
