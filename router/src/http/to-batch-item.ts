import { encodeBody, splitCookieHeader } from 'lpr-protocol';
import type { HttpEvent } from 'lpr-protocol';
import { eventTime } from './event-time.ts';
import type { HeaderMap } from './forward-headers.ts';
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

/** One item of a batch as JSON text (wire contract §1); made once, at arrival. */
export function toBatchItem(input: BatchItemInput): string {
  const { headers, target, routeKey, arrivalMs } = input;
  const cookie = headers['cookie'];
  const cookies = cookie === undefined ? [] : splitCookieHeader(cookie);
  const host = headers['host'];
  const body = input.body && input.body.length > 0 ? encodeBody(input.body) : undefined;
  // `JSON.stringify` leaves out what is undefined; the order is API Gateway's.
  const item: Undefinable<HttpEvent> = {
    version: '2.0',
    routeKey,
    rawPath: target.rawPath,
    rawQueryString: target.rawQueryString,
    cookies: cookies.length > 0 ? cookies : undefined,
    headers,
    queryStringParameters: input.query,
    requestContext: {
      domainName: host === undefined ? undefined : withoutPort(host),
      http: {
        method: input.method,
        path: target.rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: input.sourceIp,
        userAgent: headers['user-agent'],
      },
      lpr: { deadlineMs: input.deadlineMs },
      requestId: input.requestId,
      routeKey,
      stage: '$default',
      time: eventTime(arrivalMs),
      timeEpoch: arrivalMs,
    },
    pathParameters: input.pathParameters,
    body: body?.body,
    isBase64Encoded: body?.isBase64Encoded ?? false,
  };
  return JSON.stringify(item);
}

type Undefinable<T> = {
  readonly [K in keyof T]: (T[K] extends object ? Undefinable<T[K]> : T[K]) | undefined;
};

/** `[::1]:3000` and `example.com:3000` without the port. */
function withoutPort(host: string): string {
  const colon = host.lastIndexOf(':');
  return colon > host.lastIndexOf(']') ? host.slice(0, colon) : host;
}
