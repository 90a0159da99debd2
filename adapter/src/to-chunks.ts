import { isUtf8 } from 'node:buffer';
import { MAX_BUFFERED_ANSWER_BYTES } from 'lpr-protocol';
import type { EncodedBody } from 'lpr-protocol';
import { AdapterError, must } from './errors.ts';
import type { BodyChunk } from './item.ts';
import type { ItemRun } from './item-run.ts';
import { isBytes, isRaw } from './read-answer.ts';
import type { BodySource, RawAnswer } from './read-answer.ts';

/** Who reads a body: it can be given up. */
export type BodyReader = Pick<ItemRun, 'cancel' | 'reason'>;

/**
 * The body of an answer as it travels; one that is streamed, as a whole.
 * @throws AdapterError `LPR_ILLEGAL_ANSWER` or `LPR_ANSWER_TOO_LARGE`, or what a body fails with.
 */
export async function toBody(
  { body, isBase64Encoded }: RawAnswer,
  reader: BodyReader,
): Promise<EncodedBody> {
  if (isBytes(body)) {
    return encodeBytes(Buffer.from(body), true);
  }
  if (isRaw(body)) {
    const chunks: Buffer[] = [];
    let bytes = 0;
    await eachChunk(body, reader, (chunk) => {
      const copy = Buffer.from(chunk as string);
      bytes += copy.length;
      if (bytes > MAX_BUFFERED_ANSWER_BYTES) {
        throw tooLarge();
      }
      chunks.push(copy);
    });
    return encodeBytes(Buffer.concat(chunks));
  }
  const given = body ?? '';
  const isEncoded = isBase64Encoded ?? false;
  must(
    typeof given === 'string' &&
      typeof isEncoded === 'boolean' &&
      // Node's decoder forgives; whatever it forgave does not come back from its encoder.
      (!isEncoded || encodeBytes(Buffer.from(given, 'base64'), true).body === given),
    'body',
    'text, base64, bytes or a stream',
  );
  return { body: given, isBase64Encoded: isEncoded };
}

/**
 * Reads a body piece by piece, waiting for `use` each time; pieces are never merged. A body that is not read to
 * its end, because `use` failed or the item was stopped, is given up: a Node.js stream is destroyed, and anything
 * else returned from when it yields next.
 * @throws what the body or `use` fails with.
 */
export async function eachChunk(
  body: BodySource,
  reader: BodyReader,
  use: (chunk: BodyChunk) => unknown,
): Promise<void> {
  const source = body.stream?.() ?? body;
  reader.cancel = () => source.destroy?.(reader.reason);
  for await (const chunk of source as AsyncIterable<unknown>) {
    if (reader.reason) {
      return;
    }
    await use(toChunk(chunk));
  }
}

/** A piece of a body as it travels. */
export function encodeChunk(chunk: BodyChunk): EncodedBody {
  return typeof chunk === 'string'
    ? { body: chunk, isBase64Encoded: false }
    : encodeBytes(Buffer.from(chunk));
}

/** Text where the bytes are UTF-8 without NUL, else base64. */
const encodeBytes = (
  bytes: Buffer,
  isBase64Encoded = !isUtf8(bytes) || bytes.includes(0),
): EncodedBody => ({ body: bytes.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded });

/** A piece of a body. @throws AdapterError `LPR_ILLEGAL_ANSWER` */
export function toChunk(value: unknown): BodyChunk {
  must(typeof value === 'string' || isBytes(value), 'body', 'text or bytes');
  return value;
}

/** The error of an answer that Lambda would not take. */
export const tooLarge = (): AdapterError =>
  new AdapterError('LPR_ANSWER_TOO_LARGE', 'a smaller body');
