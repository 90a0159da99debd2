import { decodeUtf8, toBuffer } from '../body.ts';
import { DEFAULT_MAX_RECORD_BYTES } from '../limits.ts';
import { parseRecordLine, recordId } from '../parse-record.ts';
import { describeValue } from '../problem.ts';
import { BadRecordKind } from '../record.ts';
import type { RecordResult } from '../record.ts';

const LINE_FEED = 0x0a;

/** How an {@link NdjsonDecoder} reads. */
export interface NdjsonDecoderOptions {
  /** Longest line that is read, in bytes before its `\n`; 8 MiB by default. */
  readonly maxLineBytes?: number | undefined;
}

/**
 * Bytes in, records out (contract §2.2): the same records however the bytes are cut, inside a character too.
 *
 * `\r\n`, empty lines and a missing last newline are accepted. A line past the limit gives one bad record as soon as
 * the limit is passed, and the rest of it is skipped without being kept. The decoder keeps a view, not a copy, of an
 * unfinished line: the caller must not overwrite a chunk it has pushed.
 */
export class NdjsonDecoder {
  readonly #maxLineBytes: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #skipping = false;

  /** @throws TypeError when `maxLineBytes` is no integer >= 1. */
  constructor(options: NdjsonDecoderOptions = {}) {
    const { maxLineBytes = DEFAULT_MAX_RECORD_BYTES } = options;
    if (!Number.isSafeInteger(maxLineBytes) || maxLineBytes < 1) {
      const got = describeValue(maxLineBytes);
      throw new TypeError(`Expected \`maxLineBytes\` to be an integer >= 1, got ${got}`);
    }
    this.#maxLineBytes = maxLineBytes;
  }

  /** The records that `chunk` completes, in the order of their lines. */
  push(chunk: Uint8Array): RecordResult[] {
    const bytes = toBuffer(chunk);
    const results: RecordResult[] = [];
    let start = 0;
    let newline = bytes.indexOf(LINE_FEED);
    while (newline !== -1) {
      if (this.#pendingBytes === 0 && newline - start <= this.#maxLineBytes) {
        // Most lines lie whole in one chunk: they go past the list of pending pieces.
        parseLine(bytes.subarray(start, newline), results);
      } else {
        this.#add(bytes, start, newline, results);
        this.#finishLine(results);
      }
      start = newline + 1;
      newline = bytes.indexOf(LINE_FEED, start);
    }
    this.#add(bytes, start, bytes.length, results);
    return results;
  }

  /** The record of a last line without a newline, if there is one. The decoder is as new afterwards. */
  end(): RecordResult[] {
    const results: RecordResult[] = [];
    this.#finishLine(results);
    return results;
  }

  #add(bytes: Buffer, start: number, end: number, results: RecordResult[]): void {
    if (this.#skipping || start === end) {
      return;
    }
    this.#pendingBytes += end - start;
    if (this.#pendingBytes > this.#maxLineBytes) {
      this.#skipping = true;
      this.#pending = [];
      results.push(lineTooLong(this.#maxLineBytes));
      return;
    }
    this.#pending.push(bytes.subarray(start, end));
  }

  #finishLine(results: RecordResult[]): void {
    if (this.#pending.length > 0) {
      parseLine(Buffer.concat(this.#pending, this.#pendingBytes), results);
      this.#pending = [];
    }
    this.#pendingBytes = 0;
    this.#skipping = false;
  }
}

function parseLine(line: Buffer, results: RecordResult[]): void {
  const text = decodeUtf8(line);
  if (text === undefined) {
    results.push(notUtf8(line));
    return;
  }
  const result = parseRecordLine(text);
  // Blank lines are rare: whether a line is one is asked only once it has failed.
  if (result.ok || result.kind !== BadRecordKind.Json || text.trim() !== '') {
    results.push(result);
  }
}

/** The id is still looked for: repaired text is good enough to tell whose answer was spoiled. */
function notUtf8(line: Buffer): RecordResult {
  let id: string | undefined;
  try {
    id = recordId(JSON.parse(line.toString('utf8')));
  } catch {
    id = undefined;
  }
  const got = `${line.length} bytes that are not`;
  const problem = { path: '', expected: 'UTF-8 text', got };
  return { ok: false, id, kind: BadRecordKind.Json, problem };
}

function lineTooLong(maxLineBytes: number): RecordResult {
  const expected = `a line of at most ${maxLineBytes} bytes`;
  const problem = { path: '', expected, got: 'a longer one' };
  return { ok: false, id: undefined, kind: BadRecordKind.LineTooLong, problem };
}
