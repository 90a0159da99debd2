import {
  decodeBody,
  describeValue,
  isHeaderName,
  isHeaderValue,
  normalizeCookies,
} from 'lpr-protocol';
import type { EncodedBody, ResponseRecord } from 'lpr-protocol';
import { AdapterError, AdapterErrorCode } from './errors.ts';

const HEADER_TYPES: ReadonlySet<string> = /* @__PURE__ */ new Set(['string', 'number', 'boolean']);

/** Turns a handler's answer into the record that is sent; throws when it cannot be sent. */
export type ToResponse = (id: string, answer: unknown) => ResponseRecord;

/** The fields of a structured answer; all of them may be anything. */
export interface RawAnswer {
  readonly statusCode?: unknown;
  readonly headers?: unknown;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

/**
 * Reads an answer as API Gateway does: an object with a `statusCode` is structured, anything else is 200,
 * `application/json` and the JSON text of it (`null` for nothing), a string unquoted.
 * The record shares nothing with the answer, so a handler may reuse its objects.
 * @throws AdapterError `LPR_ILLEGAL_ANSWER`, or what `JSON.stringify` throws.
 */
export function toResponse(id: string, answer: unknown): ResponseRecord {
  return isObject(answer) && answer.statusCode !== undefined
    ? structuredResponse(id, answer)
    : jsonResponse(id, 200, typeof answer === 'string' ? answer : JSON.stringify(answer));
}

/**
 * The record of a structured answer: exactly what the router will accept.
 * @throws AdapterError `LPR_ILLEGAL_ANSWER`; its message holds no header value, cookie or body.
 */
export function structuredResponse(id: string, answer: RawAnswer): ResponseRecord {
  return {
    type: 'response',
    id,
    statusCode: toStatus(answer.statusCode),
    headers: toHeaders(answer.headers ?? {}),
    cookies: toCookies(answer.cookies ?? []),
    ...toBody(answer.body ?? '', answer.isBase64Encoded ?? false),
  };
}

/** The 500 of an item that failed; nothing of the error is in it. */
export function internalError(id: string): ResponseRecord {
  return jsonResponse(id, 500, '{"message":"Internal Server Error"}');
}

/** Whether `value` is what JSON calls an object. */
export function isObject(value: unknown): value is RawAnswer {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function jsonResponse(id: string, statusCode: number, body: string | undefined): ResponseRecord {
  return {
    type: 'response',
    id,
    statusCode,
    headers: { 'content-type': 'application/json' },
    cookies: [],
    // `JSON.stringify` gives `undefined` for nothing and for functions, where the runtime sends `null`.
    body: body ?? 'null',
    isBase64Encoded: false,
  };
}

function toStatus(value: unknown): number {
  const isPlain = typeof value === 'number' || typeof value === 'string';
  if (!isPlain || !/^[2-5]\d\d$/.test(`${value}`)) {
    throw illegal('statusCode', 'an integer 200–599', describeValue(value));
  }
  return Number(value);
}

function toHeaders(value: unknown): Record<string, string> {
  if (!isObject(value)) {
    throw illegal('headers', 'an object', typeof value);
  }
  const headers: [name: string, text: string][] = [];
  for (const [name, header] of Object.entries(value)) {
    // JSON drops `undefined`, so API Gateway never sees it.
    if (header === undefined) {
      continue;
    }
    if (!isHeaderName(name)) {
      throw illegal('headers', 'an object of legal names', describeValue(name));
    }
    if (!HEADER_TYPES.has(typeof header) || !isHeaderValue(String(header))) {
      throw illegal(`headers.${name}`, 'one line of ISO-8859-1 text', typeof header);
    }
    headers.push([name, String(header)]);
  }
  // Not by assignment: `__proto__` is a legal name.
  return Object.fromEntries(headers);
}

function toCookies(value: unknown): string[] {
  if (!Array.isArray(value) || !value.every((cookie) => typeof cookie === 'string')) {
    throw illegal('cookies', 'an array of strings', typeof value);
  }
  const cookies = normalizeCookies(value);
  if (!cookies.every(isHeaderValue)) {
    throw illegal('cookies', 'lines of ISO-8859-1 text', 'an illegal character');
  }
  return cookies;
}

function toBody(value: unknown, isBase64Encoded: unknown): EncodedBody {
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return { body: bytes.toString('base64'), isBase64Encoded: true };
  }
  if (typeof value !== 'string') {
    throw illegal('body', 'text or bytes', typeof value);
  }
  if (typeof isBase64Encoded !== 'boolean') {
    throw illegal('isBase64Encoded', 'a boolean', typeof isBase64Encoded);
  }
  if (isBase64Encoded && decodeBody(value, true) === undefined) {
    throw illegal('body', 'padded base64 of RFC 4648 §4', 'other text');
  }
  return { body: value, isBase64Encoded };
}

function illegal(path: string, wanted: string, got: string): AdapterError {
  return new AdapterError(AdapterErrorCode.IllegalAnswer, path, wanted, got);
}
