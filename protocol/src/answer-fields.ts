import { decodeBody } from './body.ts';
import { isHeaderName, isHeaderValue, normalizeCookies } from './headers.ts';
import { MAX_STATUS_CODE, MIN_STATUS_CODE } from './limits.ts';
import { describeValue } from './problem.ts';
import type { Problem } from './problem.ts';
import type { AnswerHeaders } from './record.ts';

const STATUS_TEXT = /^[2-5]\d\d$/;

/** Whether `value` is an integer 200–599. */
export function isStatusCode(value: unknown): value is number {
  return (
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= MIN_STATUS_CODE &&
    value <= MAX_STATUS_CODE
  );
}

/** The status that `value` means: an integer 200–599 or the same in three digits; `undefined` for anything else. */
export function readStatus(value: unknown): number | undefined {
  if (isStatusCode(value)) {
    return value;
  }
  return typeof value === 'string' && STATUS_TEXT.test(value) ? Number(value) : undefined;
}

/** What is wrong with a `statusCode` that {@link readStatus} refused. */
export function statusProblem(value: unknown): Problem {
  return { path: 'statusCode', expected: 'an integer 200–599', got: describeValue(value) };
}

/** What keeps `value` from being sent as headers; `undefined` when nothing does. */
export function headersProblem(value: unknown): Problem | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    return { path: 'headers', expected: 'an object', got: describeValue(value) };
  }
  for (const name of Object.keys(value)) {
    const headerValue = (value as Record<string, unknown>)[name];
    if (!isHeaderName(name)) {
      return { path: 'headers', expected: 'an object of legal names', got: describeValue(name) };
    }
    switch (typeof headerValue) {
      case 'string':
        if (!isHeaderValue(headerValue)) {
          return {
            path: `headers.${name}`,
            expected: 'one line of ISO-8859-1 text',
            got: 'a string with an illegal character',
          };
        }
        break;
      case 'number':
      case 'boolean':
        break;
      default:
        return {
          path: `headers.${name}`,
          expected: 'a string, number or boolean',
          got: describeValue(headerValue),
        };
    }
  }
  return undefined;
}

/** Headers that {@link headersProblem} passed, with string values; the object itself when they all are. */
export function readHeaders(value: unknown): AnswerHeaders {
  if (value === undefined || value === null) {
    return {};
  }
  const headers = value as Record<string, unknown>;
  for (const name of Object.keys(headers)) {
    if (typeof headers[name] !== 'string') {
      // `fromEntries` and not assignment: `__proto__` is a legal header name.
      return Object.fromEntries(
        Object.entries(headers).map(([key, entry]): [string, string] => [key, String(entry)]),
      );
    }
  }
  return headers as Record<string, string>;
}

/** What keeps `value` from being sent as cookies; `undefined` when nothing does. */
export function cookiesProblem(value: unknown): Problem | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  if (!Array.isArray(value)) {
    return { path: 'cookies', expected: 'an array of strings', got: describeValue(value) };
  }
  for (const [index, cookie] of value.entries()) {
    if (typeof cookie !== 'string') {
      return { path: `cookies[${index}]`, expected: 'a string', got: describeValue(cookie) };
    }
    if (!isHeaderValue(cookie.trim())) {
      return {
        path: `cookies[${index}]`,
        expected: 'one line of ISO-8859-1 text',
        got: 'a string with an illegal character',
      };
    }
  }
  return undefined;
}

/** Cookies that {@link cookiesProblem} passed, trimmed, without the empty ones. */
export function readCookies(value: unknown): string[] {
  return value === undefined || value === null ? [] : normalizeCookies(value as string[]);
}

/** What keeps `body` from being decoded as `isBase64Encoded` says; `undefined` when nothing does. */
export function bodyProblem(body: unknown, isBase64Encoded: unknown): Problem | undefined {
  if (body !== undefined && body !== null && typeof body !== 'string') {
    return { path: 'body', expected: 'a string', got: describeValue(body) };
  }
  switch (isBase64Encoded) {
    case undefined:
    case null:
    case false:
      return undefined;
    case true:
      return !body || decodeBody(body, true) !== undefined
        ? undefined
        : {
            path: 'body',
            expected: 'padded base64 of RFC 4648 §4',
            got: `${body.length} characters that are not`,
          };
    default:
      return {
        path: 'isBase64Encoded',
        expected: 'a boolean',
        got: describeValue(isBase64Encoded),
      };
  }
}
