import { isUtf8 } from 'node:buffer';
import { MAX_BUFFERED_ANSWER_BYTES } from 'lpr-protocol';
import type { EncodedBody } from 'lpr-protocol';
import { AdapterError } from './errors.ts';
import type { BodyChunk } from './item.ts';
import type { ItemRun } from './item-run.ts';
import type { BodySource } from './read-answer.ts';
import { must } from './to-response.ts';

/** Who reads a body: it can be given up. */
export type BodyReader = Pick<ItemRun, 'cancel' | 'reason'>;

/**
 * Reads a body piece by piece, waiting for `use` each time; pieces are never merged. A body that is not read to
 * its end, because `use` failed or the item was stopped, is given up: a Node.js stream is destroyed, and anything
 * else returned from when it yields next.
 * @throws what the body or `use` fails with.
 */
export async function eachChunk(
  body: BodySource,
  run: BodyReader,
  use: (chunk: BodyChunk) => unknown,
): Promise<void> {
  const source = body.stream?.() ?? body;
  run.cancel = () => source.destroy?.(run.reason);
  for await (const chunk of source as AsyncIterable<unknown>) {
    if (run.reason) {
      return;
    }
    await use(toChunk(chunk));
  }
}

/** A body that is read piece by piece, as a whole. */
export async function collect(body: BodySource, run: BodyReader): Promise<EncodedBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  await eachChunk(body, run, (chunk) => {
    const copy = Buffer.from(chunk as string);
    bytes += copy.length;
    if (bytes > MAX_BUFFERED_ANSWER_BYTES) {
      throw tooLarge();
    }
    chunks.push(copy);
  });
  return encodeBytes(Buffer.concat(chunks));
}

/** A piece of a body as it travels. */
export function encodeChunk(chunk: BodyChunk): EncodedBody {
  return typeof chunk === 'string'
    ? { body: chunk, isBase64Encoded: false }
    : encodeBytes(Buffer.from(chunk));
}

/** Text where the bytes are UTF-8 without NUL, else base64. */
function encodeBytes(bytes: Buffer): EncodedBody {
  const isBase64Encoded = !isUtf8(bytes) || bytes.includes(0);
  return { body: bytes.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded };
}

/** A piece of a body. @throws AdapterError `LPR_ILLEGAL_ANSWER` */
export function toChunk(value: unknown): BodyChunk {
  must(typeof value === 'string' || value instanceof Uint8Array, 'body', 'text or bytes');
  return value;
}

/** The error of a body that Lambda would not take. */
export function tooLarge(): AdapterError {
  return new AdapterError('LPR_ANSWER_TOO_LARGE', "a body within Lambda's limit");
}
