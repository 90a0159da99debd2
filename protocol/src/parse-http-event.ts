import { decodeBody } from './body.ts';
import {
  HOP_BY_HOP_HEADERS,
  isHeaderName,
  isHeaderValue,
  ROUTER_HEADER_PREFIX,
  splitCookieHeader,
} from './headers.ts';
import { checkContext } from './parse-http-event-context.ts';
import { describeValue, isObject } from './problem.ts';
import type { Problem } from './problem.ts';

/** Adds to `problems` whatever keeps `item`, which stands at `path`, from being an `HttpEvent` of the batch's `route`. */
export function checkItem(item: unknown, path: string, route: unknown, problems: Problem[]): void {
  if (!isObject(item)) {
    problems.push({ path, expected: 'an object', got: describeValue(item) });
    return;
  }
  if (item['version'] !== '2.0') {
    const got = describeValue(item['version']);
    problems.push({ path: `${path}.version`, expected: '"2.0"', got });
  }
  checkRouteKey(item['routeKey'], `${path}.routeKey`, route, problems);
  const { rawPath, rawQueryString } = item;
  if (typeof rawPath !== 'string' || !rawPath.startsWith('/')) {
    const expected = 'a path that begins with `/`';
    problems.push({ path: `${path}.rawPath`, expected, got: describeValue(rawPath) });
  }
  if (typeof rawQueryString !== 'string') {
    const got = describeValue(rawQueryString);
    problems.push({ path: `${path}.rawQueryString`, expected: 'a string', got });
  }
  checkHeaders(item['headers'], `${path}.headers`, problems);
  checkCookies(item, `${path}.cookies`, problems);
  checkParameters(item['queryStringParameters'], `${path}.queryStringParameters`, problems);
  checkParameters(item['pathParameters'], `${path}.pathParameters`, problems);
  checkBody(item, path, problems);
  if ('stageVariables' in item) {
    problems.push({ path: `${path}.stageVariables`, expected: 'absent', got: 'a value' });
  }
  checkContext(item, path, problems);
}

function checkRouteKey(value: unknown, path: string, route: unknown, problems: Problem[]): void {
  const space = typeof value === 'string' ? value.indexOf(' ') : -1;
  if (typeof value !== 'string' || space < 1 || value.slice(space + 1) !== route) {
    const expected = 'a method, a space and the route of `meta`';
    problems.push({ path, expected, got: describeValue(value) });
  }
}

function checkHeaders(headers: unknown, path: string, problems: Problem[]): void {
  if (!isObject(headers)) {
    problems.push({ path, expected: 'an object', got: describeValue(headers) });
    return;
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!isHeaderName(name) || name !== name.toLowerCase()) {
      const expected = 'an object of legal lower-case names';
      problems.push({ path, expected, got: describeValue(name) });
    } else if (HOP_BY_HOP_HEADERS.has(name) || name.startsWith(ROUTER_HEADER_PREFIX)) {
      problems.push({ path: `${path}.${name}`, expected: 'absent', got: 'a value' });
    } else if (typeof value !== 'string' || !isHeaderValue(value)) {
      const got = typeof value === 'string' ? 'an illegal character' : describeValue(value);
      problems.push({ path: `${path}.${name}`, expected: 'one line of ISO-8859-1 text', got });
    }
  }
}

function checkCookies(
  item: Readonly<Record<string, unknown>>,
  path: string,
  problems: Problem[],
): void {
  const { cookies, headers } = item;
  const header = isObject(headers) ? headers['cookie'] : undefined;
  const wanted = typeof header === 'string' ? splitCookieHeader(header) : [];
  if (cookies === undefined && wanted.length === 0) {
    return;
  }
  const same =
    Array.isArray(cookies) &&
    cookies.length > 0 &&
    cookies.length === wanted.length &&
    cookies.every((cookie, index) => cookie === wanted[index]);
  if (!same) {
    const expected = 'the pieces of the `cookie` header, or absent when there are none';
    const got = Array.isArray(cookies) ? 'an array of others' : describeValue(cookies);
    problems.push({ path, expected, got });
  }
}

function checkParameters(value: unknown, path: string, problems: Problem[]): void {
  if (value === undefined) {
    return;
  }
  if (!isObject(value) || Object.keys(value).length === 0) {
    const got = isObject(value) ? 'an empty object' : describeValue(value);
    problems.push({ path, expected: 'an object with content, or absent', got });
    return;
  }
  for (const [name, parameter] of Object.entries(value)) {
    if (typeof parameter !== 'string') {
      const got = describeValue(parameter);
      problems.push({ path: `${path}.${name}`, expected: 'a string', got });
    }
  }
}

function checkBody(
  item: Readonly<Record<string, unknown>>,
  path: string,
  problems: Problem[],
): void {
  const { body, isBase64Encoded } = item;
  if (typeof isBase64Encoded !== 'boolean') {
    const got = describeValue(isBase64Encoded);
    problems.push({ path: `${path}.isBase64Encoded`, expected: 'a boolean', got });
  }
  if (body === undefined) {
    return;
  }
  if (typeof body !== 'string' || body === '') {
    const got = body === '' ? 'an empty string' : describeValue(body);
    problems.push({ path: `${path}.body`, expected: 'a string with content, or absent', got });
  } else if (isBase64Encoded === true && decodeBody(body, true) === undefined) {
    const got = `${body.length} characters that are not`;
    problems.push({ path: `${path}.body`, expected: 'padded base64 of RFC 4648 §4', got });
  } else if (isBase64Encoded === false && body.includes('\0')) {
    problems.push({ path: `${path}.body`, expected: 'base64', got: 'text with NUL' });
  }
}
