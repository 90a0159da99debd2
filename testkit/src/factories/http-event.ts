import { encodeBody, splitCookieHeader } from 'lpr-protocol';
import type { HttpEvent } from 'lpr-protocol';
import { eventTime } from './event-time.ts';
import { FACTORY_DEADLINE_MS, FACTORY_TIME_MS, requestId } from './ids.ts';

export interface HttpEventOptions {
  /** Default `requestId(1)`. */
  readonly id?: string;
  /** Default `GET`. */
  readonly method?: string;
  /** As received; default `/`; a query may follow it. */
  readonly path?: string;
  /** The template; default: the path. */
  readonly route?: string;
  /** Names in any case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: what the path has in the places of the route's `{names}`. */
  readonly pathParameters?: Readonly<Record<string, string>>;
  /** Text, bytes, or with `json` instead a value. */
  readonly body?: string | Uint8Array;
  /** A body as JSON; sets `content-type` where the headers have none. */
  readonly json?: unknown;
  /** Default `127.0.0.1`. */
  readonly sourceIp?: string;
  /** Epoch ms; default 2026-01-01T00:00:00Z. */
  readonly arrivalMs?: number;
  /** When its client stops waiting, epoch ms; default 2100-01-01, which is always yet to come. */
  readonly deadlineMs?: number;
}

/** One item as the router sends it (wire contract §1); the same options give the same item. */
export function httpEvent(options: HttpEventOptions = {}): HttpEvent {
  const { id = requestId(1), method = 'GET', path = '/' } = options;
  const { sourceIp = '127.0.0.1' } = options;
  const { arrivalMs = FACTORY_TIME_MS, deadlineMs = FACTORY_DEADLINE_MS } = options;
  const [rawPath, rawQueryString] = cutQuery(path);
  const route = options.route ?? rawPath;
  const routeKey = `${method} ${route}`;
  const headers = lowerCase(options);
  const { cookie, host, 'user-agent': userAgent } = headers;
  const cookies = cookie === undefined ? [] : splitCookieHeader(cookie);
  const query = parameters(rawQueryString);
  const pathParameters = options.pathParameters ?? parametersOf(route, rawPath);
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers,
    ...(hasContent(query) ? { queryStringParameters: query } : {}),
    requestContext: {
      ...(host === undefined ? {} : { domainName: host.replace(/:\d*$/, '') }),
      http: {
        method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp,
        ...(userAgent === undefined ? {} : { userAgent }),
      },
      lpr: { deadlineMs },
      requestId: id,
      routeKey,
      stage: '$default',
      time: eventTime(arrivalMs),
      timeEpoch: arrivalMs,
    },
    ...(hasContent(pathParameters) ? { pathParameters } : {}),
    ...bodyOf(options),
  };
}

function cutQuery(path: string): [string, string] {
  const question = path.indexOf('?');
  return question < 0 ? [path, ''] : [path.slice(0, question), path.slice(question + 1)];
}

function lowerCase({ headers = {}, json }: HttpEventOptions): Record<string, string> {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const given = Object.fromEntries(lower) as Record<string, string>;
  return json === undefined ? given : { 'content-type': 'application/json', ...given };
}

/** Form-decoded, duplicates joined with `,`. */
function parameters(rawQueryString: string): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    joined[name] = joined[name] === undefined ? value : `${joined[name]},${value}`;
  }
  return joined;
}

function parametersOf(route: string, rawPath: string): Record<string, string> {
  const segments = rawPath.split('/');
  const found: Record<string, string> = {};
  for (const [index, segment] of route.split('/').entries()) {
    const name = /^\{(?<name>[^{}+]+)(?<greedy>\+)?\}$/.exec(segment)?.groups;
    if (name?.['name'] === undefined) continue;
    const values = name['greedy'] ? segments.slice(index) : segments.slice(index, index + 1);
    found[name['name']] = values.map((value) => decodeURIComponent(value)).join('/');
  }
  return found;
}

function bodyOf({ body, json }: HttpEventOptions): Pick<HttpEvent, 'body' | 'isBase64Encoded'> {
  const content = json === undefined ? body : JSON.stringify(json);
  if (content === undefined || content.length === 0) return { isBase64Encoded: false };
  return encodeBody(typeof content === 'string' ? Buffer.from(content) : content);
}

function hasContent(record: object): boolean {
  return Object.keys(record).length > 0;
}
