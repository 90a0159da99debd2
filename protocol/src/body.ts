/** A body as it travels: text, or base64 when `isBase64Encoded`. */
export interface EncodedBody {
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

const REPLACEMENT_CHARACTER = '\uFFFD';

/** The bytes as text when they are valid UTF-8 without NUL (a byte order mark is kept), else as base64. */
export function encodeBody(bytes: Uint8Array): EncodedBody {
  const view = toBuffer(bytes);
  if (!view.includes(0)) {
    const text = decodeUtf8(view);
    if (text !== undefined) {
      return { body: text, isBase64Encoded: false };
    }
  }
  return { body: view.toString('base64'), isBase64Encoded: true };
}

/**
 * The bytes of a body that travelled; `undefined` when it is not base64 as RFC 4648 §4 writes it
 * (padded, no white space, no URL alphabet, unused bits zero). A lone surrogate in text becomes U+FFFD.
 */
export function decodeBody(body: string, isBase64Encoded: boolean): Uint8Array | undefined {
  if (!isBase64Encoded) {
    return Buffer.from(body, 'utf8');
  }
  const bytes = Buffer.from(body, 'base64');
  // Node's decoder forgives; whatever it forgave does not come back from its encoder.
  return bytes.toString('base64') === body ? bytes : undefined;
}

/** The text of `bytes`, byte order mark included; `undefined` when they are not UTF-8. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8');
  // Only text that holds a replacement character can have been repaired; equality says whether it was.
  return text.includes(REPLACEMENT_CHARACTER) && !Buffer.from(text, 'utf8').equals(bytes)
    ? undefined
    : text;
}

/** The same memory as a Buffer. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
