import assert from 'node:assert/strict';
import type { InvokeAnswer } from 'lpr-router';

/** Reads an answer whole, of either type. */
export async function bytesOf(answer: InvokeAnswer): Promise<Buffer> {
  if (answer.type === 'buffered') return Buffer.from(answer.bytes);
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.chunks) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The iterator of an answer that has to be a stream. */
export function chunksOf(answer: InvokeAnswer): AsyncIterator<Uint8Array> {
  assert.equal(answer.type, 'stream');
  return answer.chunks[Symbol.asyncIterator]();
}

/** Reads on until at least `byteLength` bytes have come; a transport may join chunks or cut them. */
export async function readBytes(
  chunks: AsyncIterator<Uint8Array>,
  byteLength: number,
): Promise<string> {
  let bytes = Buffer.alloc(0);
  while (bytes.byteLength < byteLength) {
    const { value, done } = await chunks.next();
    assert.ok(
      !done,
      `Expected ${byteLength} bytes of the stream, it ended after ${bytes.toString()}`,
    );
    bytes = Buffer.concat([bytes, value]);
  }
  return bytes.toString();
}
