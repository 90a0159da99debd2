import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../batching/clock.ts';
import type { RouterConfig } from '../config/router-config.ts';
import { PendingRequest } from '../demux/pending-request.ts';
import type { Failure } from '../errors.ts';
import type { KeyDimension, Operation } from '../routing/operation.ts';
import type { RouteTable } from '../routing/route-table.ts';
import { clientAddress } from './client-address.ts';
import { collectHeaders, forwardHeaders } from './forward-headers.ts';
import type { HeaderMap } from './forward-headers.ts';
import { readBody } from './read-body.ts';
import { clientRequestId } from './request-id.ts';
import { parseQuery, parseRequestTarget } from './request-target.ts';
import { toBatchItem } from './to-batch-item.ts';
import { ResponseWriter } from './write-response.ts';

/** What a request meets on its way from the socket into a batch. */
export interface RequestContext {
  readonly config: RouterConfig;
  readonly routes: RouteTable;
  readonly clock: Clock;
  readonly includeBatchSize: boolean;
  /** True from the moment the router stops taking requests. */
  readonly draining: () => boolean;
  /** Puts the request into the batch of its route and key, or settles it at once. */
  readonly enqueue: (
    operation: Operation,
    method: string,
    keyValues: readonly (string | undefined)[],
    pending: PendingRequest,
  ) => void;
}

/** The whole way of a request: target, route, body, item, batch. Its answer comes back through the writer. */
export function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  context: RequestContext,
): void {
  const { config, clock, draining } = context;
  const arrivalMs = clock.now();
  const requestId = `r-${randomUUID()}`;
  const method = request.method ?? 'GET';
  const headers = collectHeaders(request.rawHeaders);
  const writer = new ResponseWriter({
    response,
    clientRequestId: clientRequestId(headers['x-request-id']),
    includeBatchSize: context.includeBatchSize,
    clientBufferBytes: config.clientBufferBytes,
    closing: draining,
  });
  const refuse = (failure: Failure, extraHeaders?: readonly string[]) =>
    writer.fail(failure, { requestId, batchSize: undefined }, extraHeaders);

  if (draining()) return refuse({ code: 'LPR_DRAINING', retryAfterSeconds: 1 });
  const target = parseRequestTarget(request.url ?? '/');
  if (!target) return refuse({ code: 'LPR_BAD_REQUEST' });
  if (target.authority !== undefined) headers['host'] = target.authority;

  const match = context.routes.match(method, target.rawPath);
  if (match.type === 'not_found') return refuse({ code: 'LPR_ROUTE_NOT_FOUND' });
  if (match.type === 'bad_path') return refuse({ code: 'LPR_BAD_REQUEST' });
  if (match.type === 'method_not_allowed') {
    return refuse({ code: 'LPR_METHOD_NOT_ALLOWED' }, ['allow', match.allow.join(', ')]);
  }
  const { operation, routeKey, pathParameters } = match;

  readBody(request, config.maxBodyBytes, (outcome) => {
    if (outcome.type === 'too_large') {
      return refuse({ code: 'LPR_BODY_TOO_LARGE' }, ['connection', 'close']);
    }
    const query = parseQuery(target.rawQueryString);
    const deadlineMs = arrivalMs + operation.timeoutMs;
    const item = toBatchItem({
      requestId,
      method,
      target,
      query,
      routeKey,
      pathParameters,
      headers: forwardHeaders(headers, config.forwardHeaders),
      arrivalMs,
      deadlineMs,
      sourceIp: clientAddress(request.socket.remoteAddress),
      body: outcome.bytes,
    });
    const pending = new PendingRequest({
      id: requestId,
      arrivalMs,
      deadlineMs,
      item,
      sink: writer,
      clock,
    });
    response.once('close', () => pending.cancel());
    context.enqueue(operation, method, keyValues(operation.key, headers, query), pending);
  });
}

/** Keys see the request as it came, before `ForwardHeaders` (wire contract §3.10). */
function keyValues(
  dimensions: readonly KeyDimension[],
  headers: HeaderMap,
  query: Record<string, string> | undefined,
): (string | undefined)[] {
  return dimensions.map(({ source, name }) =>
    source === 'header' ? headers[name] : query?.[name],
  );
}
