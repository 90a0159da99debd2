import { encodeBody, splitCookieHeader } from 'lpr-protocol';
import { eventTime } from './event-time.ts';
import type { HeaderMap } from './forward-headers.ts';
import { quote, quoteAll, quoteMap } from './json-text.ts';
import type { RequestTarget } from './request-target.ts';

export interface BatchItemInput {
  readonly requestId: string;
  readonly method: string;
  readonly target: RequestTarget;
  readonly query: Record<string, string> | undefined;
  readonly routeKey: string;
  readonly pathParameters: Record<string, string> | undefined;
  /** Those that are forwarded. */
  readonly headers: HeaderMap;
  /** Epoch ms. */
  readonly arrivalMs: number;
  readonly deadlineMs: number;
  readonly sourceIp: string;
  readonly body: Uint8Array | undefined;
}

/**
 * One item of a batch as JSON text (wire contract §1); made once, at arrival. Written out, because
 * `JSON.stringify` over an object made for it costs more than anything else on a request's way in.
 */
export function toBatchItem(input: BatchItemInput): string {
  const { target, query, pathParameters, headers } = input;
  const routeKey = quote(input.routeKey);
  const path = quote(target.rawPath);
  const cookie = headers['cookie'];
  const cookies = cookie === undefined ? [] : splitCookieHeader(cookie);
  return (
    `{"version":"2.0","routeKey":${routeKey},"rawPath":${path}` +
    `,"rawQueryString":${quote(target.rawQueryString)}` +
    (cookies.length > 0 ? `,"cookies":${quoteAll(cookies)}` : '') +
    `,"headers":${quoteMap(headers)}` +
    (query ? `,"queryStringParameters":${quoteMap(query)}` : '') +
    `,"requestContext":${requestContext(input, routeKey, path)}` +
    (pathParameters ? `,"pathParameters":${quoteMap(pathParameters)}` : '') +
    `${bodyFields(input.body)}}`
  );
}

function requestContext(input: BatchItemInput, routeKey: string, path: string): string {
  const { headers, arrivalMs } = input;
  const host = headers['host'];
  const userAgent = headers['user-agent'];
  return (
    `{${host === undefined ? '' : `"domainName":${quote(withoutPort(host))},`}` +
    `"http":{"method":${quote(input.method)},"path":${path},"protocol":"HTTP/1.1"` +
    `,"sourceIp":${quote(input.sourceIp)}` +
    `${userAgent === undefined ? '' : `,"userAgent":${quote(userAgent)}`}}` +
    `,"lpr":{"deadlineMs":${input.deadlineMs}},"requestId":${quote(input.requestId)}` +
    `,"routeKey":${routeKey},"stage":"$default","time":"${eventTime(arrivalMs)}"` +
    `,"timeEpoch":${arrivalMs}}`
  );
}

function bodyFields(bytes: Uint8Array | undefined): string {
  if (!bytes || bytes.length === 0) return ',"isBase64Encoded":false';
  const { body, isBase64Encoded } = encodeBody(bytes);
  return `,"body":${quote(body)},"isBase64Encoded":${isBase64Encoded}`;
}

/** `[::1]:3000` and `example.com:3000` without the port. */
function withoutPort(host: string): string {
  const colon = host.lastIndexOf(':');
  return colon > host.lastIndexOf(']') ? host.slice(0, colon) : host;
}
