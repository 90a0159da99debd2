import { decodeBody, isHeaderName, isHeaderValue, normalizeCookies } from 'lpr-protocol';
import type { EncodedBody } from 'lpr-protocol';
import { AdapterError, described } from './errors.ts';
import { isObject } from './read-answer.ts';
import type { RawAnswer } from './read-answer.ts';

const LINE = 'one line of ISO-8859-1 text';

/** What an answer says before its body. */
export interface AnswerHead {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  /** `undefined` when there are none. */
  readonly cookies: string[] | undefined;
}

/**
 * The head of an answer: exactly what the router will accept. It shares nothing with the answer, so a handler
 * may reuse its objects.
 * @throws AdapterError `LPR_ILLEGAL_ANSWER`; its message holds no header value, cookie or body.
 */
export function toHead({ statusCode, headers, cookies }: RawAnswer): AnswerHead {
  return {
    statusCode: toStatus(statusCode),
    headers: toHeaders(headers),
    cookies: toCookies(cookies),
  };
}

/** A status: an integer 200–599, or the same in three digits. */
export function toStatus(value: unknown): number {
  must(
    (typeof value === 'number' || typeof value === 'string') && /^[2-5]\d\d$/.test(`${value}`),
    'statusCode',
    'an integer 200–599',
    value,
  );
  return Number(value);
}

/** A body that is there as a whole. */
export function toBody({ body, isBase64Encoded }: RawAnswer): EncodedBody {
  const given = body ?? '';
  const isEncoded = isBase64Encoded ?? false;
  if (given instanceof Uint8Array) {
    return { body: toBuffer(given).toString('base64'), isBase64Encoded: true };
  }
  must(typeof given === 'string', 'body', 'text, bytes or a stream');
  must(typeof isEncoded === 'boolean', 'isBase64Encoded', 'a boolean');
  must(!isEncoded || decodeBody(given, true) !== undefined, 'body', 'base64 of RFC 4648 §4');
  return { body: given, isBase64Encoded: isEncoded };
}

/** The same memory as a Buffer. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Checks a part of an answer.
 * @throws AdapterError `LPR_ILLEGAL_ANSWER`, without the value unless one is given.
 */
export function must(
  isLegal: boolean,
  path: string,
  wanted: string,
  ...got: [unknown?]
): asserts isLegal {
  if (!isLegal) {
    throw new AdapterError(
      'LPR_ILLEGAL_ANSWER',
      path,
      wanted,
      got.length > 0 ? described(got[0]) : 'another value',
    );
  }
}

function toHeaders(value: unknown): Record<string, string> {
  const given = value ?? {};
  must(isObject(given), 'headers', 'an object');
  const headers: [name: string, text: string][] = [];
  for (const [name, header] of Object.entries(given)) {
    must(isHeaderName(name), 'headers', 'an object of legal names', name);
    // JSON drops `undefined`, so API Gateway never sees it.
    if (header !== undefined) {
      must(
        /string|number|boolean/.test(typeof header) && isHeaderValue(`${header}`),
        `headers.${name}`,
        LINE,
      );
      headers.push([name, `${header}`]);
    }
  }
  // Not by assignment: `__proto__` is a legal name.
  return Object.fromEntries(headers);
}

function toCookies(value: unknown): string[] | undefined {
  const given: unknown = value ?? [];
  must(
    Array.isArray(given) && given.every((cookie) => typeof cookie === 'string'),
    'cookies',
    'an array of strings',
  );
  const cookies = normalizeCookies(given);
  must(cookies.every(isHeaderValue), 'cookies', LINE);
  return cookies.length > 0 ? cookies : undefined;
}
