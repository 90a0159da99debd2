import { isHeaderName, isHeaderValue } from 'lpr-protocol';
import type { EncodedBody } from 'lpr-protocol';
import { wrongValue } from './errors.ts';
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
    return { body: Buffer.from(given).toString('base64'), isBase64Encoded: true };
  }
  const isEncoded = isBase64Encoded ?? false;
  must(
    typeof given === 'string' &&
      typeof isEncoded === 'boolean' &&
      // Node's decoder forgives; whatever it forgave does not come back from its encoder.
      (!isEncoded || Buffer.from(given, 'base64').toString('base64') === given),
    'body',
    'text, base64 (RFC 4648 §4), bytes or a stream',
  );
  return { body: given, isBase64Encoded: isEncoded };
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
    const shown = got === undefined ? 'another value' : undefined;
    throw wrongValue('LPR_ILLEGAL_ANSWER', path, wanted, got, shown);
  }
}

function toHeaders(value: unknown): Record<string, string> {
  const given = value ?? {};
  must(isObject(given), 'headers', 'an object');
  // JSON drops `undefined`, so API Gateway never sees it.
  const entries = Object.entries(given).filter(([, header]) => header !== undefined);
  for (const entry of entries) {
    const [name, header] = entry;
    const isLegal = isHeaderName(name) && isPlain(header) && isHeaderValue(`${header}`);
    must(isLegal, `headers.${name}`, LINE);
    entry[1] = `${header}`;
  }
  // Not by assignment: `__proto__` is a legal name.
  return Object.fromEntries(entries);
}

function isPlain(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function toCookies(value: unknown): string[] | undefined {
  const given: unknown = value ?? [];
  const isLegal = (cookie: unknown) => typeof cookie === 'string' && isHeaderValue(cookie.trim());
  must(Array.isArray(given) && given.every(isLegal), 'cookies', `an array, each ${LINE}`);
  const cookies = (given as string[]).map((cookie) => cookie.trim()).filter(Boolean);
  return cookies[0] ? cookies : undefined;
}
