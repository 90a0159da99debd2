import { randomUUID } from 'node:crypto';
import type { Architecture } from '../costs/prices.ts';
import type { HttpRequest } from './http-sender.ts';

/** Something to send requests to. */
export interface LoadRoute {
  /** Unique in a run; what reports call it. */
  readonly name: string;
  readonly method: string;
  /** Its origin and path template, such as `http://127.0.0.1:3000/hello/{name}`. */
  readonly url: string;
  /** Every invocation has one request: the baseline that others are compared with. */
  readonly direct: boolean;
  /** Of its function; `undefined` where it is not known. */
  readonly functionName: string | undefined;
  /** Of its function; `undefined` where it is not known. */
  readonly memoryMb: number | undefined;
  /** The URL is that of an invocation; requests go there as events of a function URL. */
  readonly invoked?: true;
  /** Of its function; `undefined` where it is not known. */
  readonly architecture: Architecture | undefined;
}

/** What is sent besides the path. */
export interface RequestOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** With methods that have a body. */
  readonly body: string | undefined;
  /** Values of path parameters by name; the others count from 1. */
  readonly parameters: Readonly<Record<string, string>>;
  /** How many values a path parameter takes before it starts again at 1. */
  readonly distinct: number;
}

/** The nth request, from 0, to a route: `{name}` and `{rest+}` become `1`, `2`, …; `ANY` becomes GET. */
export function requestTo(
  { method, url, invoked }: LoadRoute,
  n: number,
  { headers, body, parameters, distinct }: RequestOptions,
): HttpRequest {
  const number = String((n % distinct) + 1);
  if (invoked === true) {
    const page = encodeURIComponent(Object.values(parameters)[0] ?? number);
    return invocationOf(url, functionUrlEvent(method, `/${page}`, headers, body));
  }
  const filled = url.replace(/\{\*?([^{}+]+)\+?\}/g, (_match, name: string) =>
    encodeURIComponent(parameters[name] ?? number),
  );
  const verb = method === 'ANY' ? 'GET' : method;
  const hasBody = body !== undefined && verb !== 'GET' && verb !== 'HEAD';
  return { url: new URL(filled), method: verb, headers, body: hasBody ? body : undefined };
}

function invocationOf(url: string, event: object): HttpRequest {
  const headers = { 'content-type': 'application/json' };
  return { url: new URL(url), method: 'POST', headers, body: JSON.stringify(event) };
}

/** What a function URL makes of a request (payload 2.0). */
function functionUrlEvent(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
): object {
  const http = { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'loadtest' };
  const now = Date.now();
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers,
    requestContext: {
      http,
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: new Date(now).toUTCString(),
      timeEpoch: now,
    },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: false,
  };
}
