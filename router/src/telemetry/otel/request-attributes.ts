import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_PATH,
  ATTR_URL_SCHEME,
  ATTR_USER_AGENT_ORIGINAL,
} from '@opentelemetry/semantic-conventions';
import { parseRequestTarget } from '../../http/request-target.ts';
import { UNMATCHED_ROUTE } from '../channels.ts';
import type { RequestSettled } from '../channels.ts';
import type { TracedRequest } from '../tracing.ts';

/** The methods of RFC 9110 and PATCH, as the HTTP semantic conventions know them. */
const METHODS = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'TRACE',
]);

/** The method in a span's name; `HTTP` for one that is not known. */
export function methodName(method: string): string {
  return METHODS.has(method) ? method : 'HTTP';
}

/** What is known at the arrival. The query is left out: it may hold secrets. */
export function requestAttributes(request: TracedRequest): Attributes {
  const { method, headers, sourceIp } = request;
  const target = parseRequestTarget(request.target);
  const attributes: Attributes = {
    [ATTR_HTTP_REQUEST_METHOD]: METHODS.has(method) ? method : '_OTHER',
    [ATTR_URL_SCHEME]: 'http',
    [ATTR_CLIENT_ADDRESS]: sourceIp,
  };
  if (!METHODS.has(method)) attributes[ATTR_HTTP_REQUEST_METHOD_ORIGINAL] = method;
  if (target) attributes[ATTR_URL_PATH] = target.rawPath;
  const agent = headers['user-agent'];
  if (agent !== undefined) attributes[ATTR_USER_AGENT_ORIGINAL] = agent;
  return Object.assign(attributes, serverAttributes(target?.authority ?? headers['host']));
}

/** What is known when the request is over. */
export function settledAttributes(message: RequestSettled): Attributes {
  const { route, status, batchId, batchSize, waitMs, failure, cancelled } = message;
  const attributes: Attributes = { 'lpr.request.id': message.requestId };
  if (route !== UNMATCHED_ROUTE) attributes[ATTR_HTTP_ROUTE] = route;
  if (status !== undefined) attributes[ATTR_HTTP_RESPONSE_STATUS_CODE] = status;
  if (batchId !== undefined) attributes['lpr.batch.id'] = batchId;
  if (batchSize !== undefined) attributes['lpr.batch.size'] = batchSize;
  if (waitMs !== undefined) attributes['lpr.batch.wait_ms'] = waitMs;
  if (message.reason !== undefined) attributes['lpr.batch.release_reason'] = message.reason;
  if (cancelled !== undefined) attributes['lpr.request.cancelled'] = cancelled;
  if (failure !== undefined) attributes[ATTR_ERROR_TYPE] = failure;
  else if (status !== undefined && status >= 500) attributes[ATTR_ERROR_TYPE] = String(status);
  return attributes;
}

function serverAttributes(host: string | undefined): Attributes {
  if (host === undefined) return {};
  const parts = /^(?<address>\[[^\]]*\]|[^:]*)(?::(?<port>\d{1,5}))?$/.exec(host)?.groups;
  if (!parts?.['address']) return {};
  const address = { [ATTR_SERVER_ADDRESS]: parts['address'].replace(/^\[|\]$/g, '') };
  return parts['port'] === undefined
    ? address
    : { ...address, [ATTR_SERVER_PORT]: Number(parts['port']) };
}
