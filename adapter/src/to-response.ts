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
  must(isPlain(value) && /^[2-5]\d\d$/.test(`${value}`), 'statusCode', 'an integer 200–599', value);
  return Number(value);
}

/** A body that is there as a whole. */
export function toBody({ body, isBase64Encoded }: RawAnswer): EncodedBody {
  const given = body ?? '';
  if (given instanceof Uint8Array) {
    return { body: toBuffer(given).toString('base64'), isBase64Encoded: true };
  }
  const isEncoded = isBase64Encoded ?? false;
  must(
    typeof given === 'string' &&
      (isEncoded === false || (isEncoded === true && decodeBody(given, true) !== undefined)),
    'body',
    'text, base64 (RFC 4648 §4), bytes or a stream',
  );
  return { body: given, isBase64Encoded: isEncoded };
}

/** The same memory as a Buffer. */
export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Checks a part of an answer.
 * @throws AdapterError `LPR_ILLEGAL_ANSWER`, which shows `got` only when it is given.
 */
export function must(
  isLegal: boolean,
  path: string,
  wanted: string,
  got?: unknown,
): asserts isLegal {
  if (!isLegal) {
    const shown = got === undefined ? 'another value' : described(got);
    throw new AdapterError('LPR_ILLEGAL_ANSWER', path, wanted, shown);
  }
}

function toHeaders(value: unknown): Record<string, string> {
  const given = value ?? {};
  must(isObject(given), 'headers', 'an object');
  // JSON drops `undefined`, so API Gateway never sees it.
  const entries = Object.entries(given).filter(([, header]) => header !== undefined);
  // Not by assignment: `__proto__` is a legal name.
  return Object.fromEntries(
    entries.map(([name, header]): [string, string] => {
      const isLegal = isHeaderName(name) && isPlain(header) && isHeaderValue(`${header}`);
      must(isLegal, `headers.${name}`, LINE);
      return [name, `${header}`];
    }),
  );
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function toCookies(value: unknown): string[] | undefined {
  const given: unknown = value ?? [];
  const isLegal = (cookie: unknown) => typeof cookie === 'string' && isHeaderValue(cookie.trim());
  must(Array.isArray(given) && given.every(isLegal), 'cookies', `an array, each ${LINE}`);
  const cookies = normalizeCookies(given as string[]);
  return cookies.length > 0 ? cookies : undefined;
}
