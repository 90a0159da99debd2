import { readRecords, RecordingStream } from 'lpr-testkit';
import type { RecordResult } from 'lpr-protocol';
import type { ResponseSink } from '../../src/aws-lambda.ts';

/** A sink that has `write` and `end` and nothing else. */
export class PlainSink implements ResponseSink {
  readonly chunks: (string | Uint8Array)[] = [];
  ended = 0;

  write(chunk: string | Uint8Array): boolean {
    this.chunks.push(chunk);
    return false;
  }

  end(): void {
    this.ended += 1;
  }
}

/** A stream that takes each chunk only when `read()` is called, so it is full after the first. */
export class SlowSink extends RecordingStream {
  /** How often `write` was called, whether the stream took it or not. */
  offered = 0;
  #taken: (() => void) | undefined;

  constructor() {
    const take = () => new Promise<void>((resolve) => (this.#taken = resolve));
    super({ highWaterMark: 1, take });
  }

  override write(...parameters: [unknown]): boolean {
    this.offered += 1;
    return super.write(...parameters);
  }

  /** Takes what was written last, which makes room for the next chunk. */
  read(): void {
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.();
  }
}

/** What the router would read from these lines. */
export function recordsIn(chunks: readonly (string | Uint8Array)[]): RecordResult[] {
  return readRecords(Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))));
}

/** The ids of the records in these lines, in their order. */
export function idsIn(chunks: readonly (string | Uint8Array)[]): (string | undefined)[] {
  return recordsIn(chunks).map((result) => (result.ok ? result.record.id : result.id));
}
