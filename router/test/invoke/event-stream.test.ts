import { EventStreamCodec } from '@smithy/core/event-streams';
import * as fc from 'fast-check';
import { chunked } from 'lpr-testkit';
import { describe, expect, it } from 'vitest';
import { EventStreamDecoder } from '../../src/invoke/event-stream.ts';
import type { EventStreamMessage } from '../../src/invoke/event-stream.ts';

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString(),
  (text) => Buffer.from(text),
);

function encode(payload: Uint8Array, type = 'PayloadChunk'): Uint8Array {
  return codec.encode({
    headers: {
      ':message-type': { type: 'string', value: 'event' },
      ':event-type': { type: 'string', value: type },
    },
    body: payload,
  });
}

function decode(chunks: readonly Uint8Array[]): EventStreamMessage[] {
  const decoder = new EventStreamDecoder();
  const messages = chunks.flatMap((chunk) => decoder.push(chunk));
  decoder.end();
  return messages;
}

/** Cuts bytes at these places, in fractions of their length. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  return chunked(
    bytes,
    places.map((place) => Math.floor(place * bytes.byteLength)),
  );
}

describe('event stream', () => {
  it('gives the same messages wherever the bytes are cut', () => {
    const message = fc.record({
      payload: fc.uint8Array({ maxLength: 200 }),
      type: fc.constantFrom('PayloadChunk', 'InvokeComplete'),
    });
    const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 8 }), places, (messages, places) => {
        const bytes = Buffer.concat(messages.map(({ payload, type }) => encode(payload, type)));
        const decoded = decode(cut(bytes, places)).map(({ headers, payload }) => ({
          type: headers[':event-type'],
          payload: Buffer.from(payload),
        }));
        const expected = messages.map(({ type, payload }) => ({
          type,
          payload: Buffer.from(payload),
        }));
        expect(decoded).toEqual(expected);
      }),
    );
  });

  it('gives a message as soon as its last byte has come', () => {
    const bytes = encode(Buffer.from('hello'));
    const decoder = new EventStreamDecoder();
    const before = Array.from(bytes.subarray(0, -1), (byte) => decoder.push(Uint8Array.of(byte)));
    expect(before.flat()).toEqual([]);
    expect(decoder.push(bytes.subarray(-1))).toHaveLength(1);
  });

  it('passes over headers of other types than string', () => {
    const bytes = codec.encode({
      headers: {
        yes: { type: 'boolean', value: true },
        byte: { type: 'byte', value: 1 },
        short: { type: 'short', value: 1 },
        integer: { type: 'integer', value: 1 },
        binary: { type: 'binary', value: Uint8Array.of(1, 2, 3) },
        when: { type: 'timestamp', value: new Date(0) },
        uuid: { type: 'uuid', value: '00000000-0000-0000-0000-000000000001' },
        name: { type: 'string', value: 'Zoë' },
      },
      body: new Uint8Array(),
    });
    expect(decode([bytes])[0]?.headers).toEqual({ name: 'Zoë' });
  });

  it('refuses a message with any byte changed', () => {
    const bytes = encode(Buffer.from('hello'));
    for (const at of bytes.keys()) {
      const broken = Uint8Array.from(bytes);
      broken[at]! ^= 0x40;
      expect(() => decode([broken]), `byte ${at}`).toThrow(/^Expected/);
    }
  });

  it('refuses a stream that ends inside a message', () => {
    const bytes = encode(Buffer.from('hello'));
    for (const end of [1, 11, 12, 40, bytes.byteLength - 1]) {
      const message = 'Expected the event stream to end with a whole message, it was cut';
      expect(() => decode([bytes.subarray(0, end)])).toThrow(message);
    }
  });
});
