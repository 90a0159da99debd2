import type { HttpEvent } from 'lpr-protocol';

export interface HttpEventOptions {
  /** Default `r-1`. */
  readonly id?: string;
  /** Default `GET`. */
  readonly method?: string;
  /** Default `/`; a query may follow it. */
  readonly path?: string;
  /** The template; default: the path. */
  readonly route?: string;
  readonly headers?: Record<string, string>;
  readonly pathParameters?: Record<string, string>;
  /** Text. */
  readonly body?: string;
  /** Epoch ms; default 2026-01-01T00:00:00Z. */
  readonly arrivalMs?: number;
  /** Default 2000. */
  readonly timeoutMs?: number;
}

/** One item as the router sends it (wire contract §1); the same options give the same item. */
export function httpEvent(options: HttpEventOptions = {}): HttpEvent {
  const { id = 'r-1', method = 'GET', path = '/', headers = {}, timeoutMs = 2000 } = options;
  const { arrivalMs = Date.UTC(2026, 0, 1) } = options;
  const url = new URL(path, 'http://localhost');
  const routeKey = `${method} ${options.route ?? url.pathname}`;
  const query = Object.fromEntries(url.searchParams);
  return {
    version: '2.0',
    routeKey,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers,
    ...(url.search === '' ? {} : { queryStringParameters: query }),
    ...(options.pathParameters ? { pathParameters: options.pathParameters } : {}),
    ...(options.body === undefined ? {} : { body: options.body }),
    isBase64Encoded: false,
    requestContext: {
      http: {
        method,
        path: url.pathname,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        ...(headers['user-agent'] === undefined ? {} : { userAgent: headers['user-agent'] }),
      },
      lpr: { deadlineMs: arrivalMs + timeoutMs },
      requestId: id,
      routeKey,
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: arrivalMs,
    },
  };
}
