import type { IncomingMessage } from 'node:http';

/** A body that arrived whole, or how it did not. */
export type CollectedBody =
  | { readonly type: 'whole'; readonly bytes: Buffer }
  | { readonly type: 'too_large'; readonly length: number }
  | { readonly type: 'broken' };

/**
 * Reads a body to its end. Past `limit` bytes it is read on but not kept. With a content length the bytes
 * go straight to their place: a large body is never there twice.
 */
export function collectBody(message: IncomingMessage, limit = Infinity): Promise<CollectedBody> {
  const announced = Number(message.headers['content-length'] ?? Number.NaN);
  const whole =
    Number.isSafeInteger(announced) && announced <= limit && announced <= MAX_ALLOCATION
      ? Buffer.allocUnsafe(announced)
      : undefined;
  let chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve) => {
    message.on('data', (chunk: Buffer) => {
      if (length + chunk.length > limit) chunks = [];
      else if (whole === undefined) chunks.push(chunk);
      else chunk.copy(whole, length);
      length += chunk.length;
    });
    message.once('end', () => {
      if (length > limit) resolve({ type: 'too_large', length });
      else resolve({ type: 'whole', bytes: whole ?? Buffer.concat(chunks, length) });
    });
    // `close` without `end`: the peer has gone in the middle.
    message.once('error', () => undefined);
    message.once('close', () => {
      if (!message.readableEnded) resolve({ type: 'broken' });
    });
  });
}

// What nobody has sent yet is not to reserve memory without bounds.
const MAX_ALLOCATION = 33_554_432;
