import { crc32 } from 'node:zlib';

/** Total length, length of the headers and the checksum of these two. */
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
const STRING_TYPE = 7;

/** One message of an `application/vnd.amazon.eventstream`. */
export interface EventStreamMessage {
  /** Those of type string, which are all that Lambda sends. Shared by messages with the same headers. */
  readonly headers: Readonly<Record<string, string>>;
  /** A view of the bytes that came. */
  readonly payload: Uint8Array;
}

/**
 * Decodes an event stream that is cut anywhere. Both checksums of a message are checked: with
 * `zlib.crc32` that takes less than a microsecond, and a length read from bytes gone wrong would have
 * the decoder wait for a message that never ends.
 *
 * @see https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export class EventStreamDecoder {
  /** The beginning of a message, in the pieces in which it came. */
  #pieces: Uint8Array[] = [];
  #pieceBytes = 0;
  /** Bytes of that message, as soon as they are known; till then those of the prelude. */
  #wanted = PRELUDE_BYTES;
  #headerBytes: Buffer | undefined;
  #headers: Readonly<Record<string, string>> = {};

  /** The messages that end in `chunk`. Throws when the bytes are no event stream. */
  push(chunk: Uint8Array): EventStreamMessage[] {
    const messages: EventStreamMessage[] = [];
    let bytes = view(chunk);
    for (;;) {
      if (this.#pieceBytes > 0) {
        const missing = this.#wanted - this.#pieceBytes;
        this.#keep(bytes.subarray(0, missing));
        if (bytes.byteLength < missing) return messages;
        bytes = bytes.subarray(missing);
        const begun = Buffer.concat(this.#pieces, this.#pieceBytes);
        this.#forget();
        const length = lengthOf(begun);
        if (begun.byteLength === length) {
          messages.push(this.#decode(begun));
        } else {
          this.#wanted = length;
          this.#keep(begun);
        }
      } else if (bytes.byteLength >= PRELUDE_BYTES) {
        const length = lengthOf(bytes);
        if (bytes.byteLength < length) {
          this.#wanted = length;
          this.#keep(bytes);
          return messages;
        }
        messages.push(this.#decode(bytes.subarray(0, length)));
        bytes = bytes.subarray(length);
      } else {
        this.#keep(bytes);
        return messages;
      }
    }
  }

  /** To be called when the stream is over; throws when it was inside a message. */
  end(): void {
    if (this.#pieceBytes === 0) return;
    throw new Error('Expected the event stream to end with a whole message, it was cut');
  }

  #keep(bytes: Uint8Array): void {
    if (bytes.byteLength === 0) return;
    this.#pieces.push(bytes);
    this.#pieceBytes += bytes.byteLength;
  }

  #forget(): void {
    this.#pieces = [];
    this.#pieceBytes = 0;
    this.#wanted = PRELUDE_BYTES;
  }

  #decode(message: Buffer): EventStreamMessage {
    const end = message.byteLength - CHECKSUM_BYTES;
    expectChecksum(message, end);
    const payloadAt = PRELUDE_BYTES + message.readUInt32BE(4);
    if (payloadAt > end) throw new Error('Expected the headers to end inside their message');
    const headerBytes = message.subarray(PRELUDE_BYTES, payloadAt);
    // Message after message has the headers of the last one: reading them once halves the cost.
    if (this.#headerBytes === undefined || !this.#headerBytes.equals(headerBytes)) {
      this.#headers = parseHeaders(headerBytes);
      this.#headerBytes = Buffer.from(headerBytes);
    }
    return { headers: this.#headers, payload: message.subarray(payloadAt, end) };
  }
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The length of the message that begins here, from its prelude. */
function lengthOf(bytes: Buffer): number {
  const length = bytes.readUInt32BE(0);
  expectChecksum(bytes, PRELUDE_BYTES - CHECKSUM_BYTES);
  if (length < PRELUDE_BYTES + CHECKSUM_BYTES) {
    throw new Error(`Expected a message of at least 16 bytes, its prelude says ${length}`);
  }
  return length;
}

function expectChecksum(bytes: Buffer, end: number): void {
  if (crc32(bytes.subarray(0, end)) !== bytes.readUInt32BE(end)) {
    throw new Error('Expected the checksum of an event-stream message to match its bytes');
  }
}

function parseHeaders(bytes: Buffer): Record<string, string> {
  const headers: Record<string, string> = {};
  let at = 0;
  while (at < bytes.byteLength) {
    const nameEnd = at + 1 + bytes[at]!;
    const name = bytes.toString('utf8', at + 1, nameEnd);
    if (bytes[nameEnd] === STRING_TYPE) {
      const valueAt = nameEnd + 3;
      const valueEnd = valueAt + bytes.readUInt16BE(nameEnd + 1);
      headers[name] = bytes.toString('utf8', valueAt, valueEnd);
      at = valueEnd;
    } else {
      at = nameEnd + 1 + bytesOfValue(bytes, nameEnd);
    }
  }
  return headers;
}

/** Bytes that a value of another type takes after its type. */
function bytesOfValue(bytes: Buffer, typeAt: number): number {
  const type = bytes[typeAt];
  // true, false, byte, short, integer, long, byte array (its length first), –, timestamp, UUID
  const size = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16][type ?? -1];
  if (size !== undefined) return size;
  if (type === 6) return 2 + bytes.readUInt16BE(typeAt + 1);
  throw new Error(`Expected a header of a known type, got type ${type}`);
}
