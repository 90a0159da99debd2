import { isUtf8 } from 'node:buffer';
import type { Shown } from './messages.ts';

/** The beginning of something that may be long or endless, and how long it was. */
export class KeptBytes {
  readonly #limit: number;
  readonly #parts: Uint8Array[] = [];
  #kept = 0;
  #total = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes in memory. */
  get kept(): number {
    return this.#kept;
  }

  add(chunk: Uint8Array | string): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    this.#total += bytes.byteLength;
    const room = this.#limit - this.#kept;
    if (room <= 0 || bytes.byteLength === 0) return;
    // A copy: the sender may use its buffer again.
    const part = Uint8Array.prototype.slice.call(bytes, 0, room);
    this.#parts.push(part);
    this.#kept += part.byteLength;
  }

  show(): Shown {
    return show(Buffer.concat(this.#parts), this.#limit, this.#total);
  }
}

/** The beginning of `bytes` as text, where it is text; `total` counts what was not kept as well. */
export function show(bytes: Uint8Array, limit: number, total = bytes.byteLength): Shown {
  const cut = total > bytes.byteLength || bytes.byteLength > limit;
  const part = cut ? withoutHalfCharacter(bytes.subarray(0, limit)) : bytes;
  const binary = !isUtf8(part);
  const text = binary ? '' : Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString();
  return { text, bytes: total, cut, binary };
}

/** A cut may go through a character of up to four bytes. */
function withoutHalfCharacter(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(4, bytes.byteLength); back += 1) {
    const byte = bytes[bytes.byteLength - back] ?? 0;
    if (byte < 0x80) return bytes;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return back < length ? bytes.subarray(0, bytes.byteLength - back) : bytes;
  }
  return bytes;
}
