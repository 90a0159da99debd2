import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PendingRequest } from '../demux/pending-request.ts';
import type { Failure } from '../errors.ts';
import type { Generation } from '../generation.ts';
import type { ActiveRequests } from '../lifecycle/active-requests.ts';
import type { KeyDimension, Operation } from '../routing/operation.ts';
import type { CreateRouterOptions } from '../router.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { clientAddress } from './client-address.ts';
import { Exchange } from './exchange.ts';
import { collectHeaders, forwardHeaders } from './forward-headers.ts';
import type { HeaderMap } from './forward-headers.ts';
import { hasOneHost, hasPlainFraming } from './message-checks.ts';
import type { OwnHeaders } from './response-headers.ts';
import { readBody } from './read-body.ts';
import { clientRequestId } from './request-id.ts';
import { parseQuery, parseRequestTarget } from './request-target.ts';
import { toBatchItem } from './to-batch-item.ts';
import { ResponseWriter } from './write-response.ts';

/** What a request meets on its way from the socket into a batch. */
export interface RequestContext extends OwnHeaders {
  readonly routerId: string;
  /** The configuration in force; a request keeps the one it came under. */
  readonly generation: () => Generation;
  readonly active: ActiveRequests;
  readonly tracing: Tracing | undefined;
  readonly observe: CreateRouterOptions['observe'];
  /** Why a request may not come in at all. */
  readonly refusal: (requestId: string) => Failure | undefined;
  /** Puts the request into its batch, or settles it at once. */
  readonly enqueue: (
    generation: Generation,
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
  const { routerId, clock, active } = context;
  const generation = context.generation();
  const { config, routes } = generation;
  const arrivalMs = clock.now();
  const requestId = `r-${randomUUID()}`;
  const method = request.method ?? 'GET';
  const headers = collectHeaders(request.rawHeaders);
  const ownId = clientRequestId(headers['x-request-id']);
  const observer = context.observe?.({ requestId, request });
  const writer = new ResponseWriter(response, ownId, context, config, observer);
  const { remoteAddress } = request.socket;
  const exchange = new Exchange({
    routerId,
    requestId,
    clientRequestId: ownId,
    request,
    response,
    writer,
    sourceIp: clientAddress(remoteAddress, headers['x-forwarded-for'], config.trustedProxies),
    arrivalMs,
  });
  const { sourceIp } = exchange;
  const url = request.url ?? '/';
  const trace = context.tracing?.start({ requestId, method, target: url, headers, sourceIp });
  const refusal = context.refusal(requestId);
  active.add(exchange);
  onceClosed(request, response, () => {
    exchange.close(clock.now());
    active.remove(exchange);
  });
  const refuse = (failure: Failure, extraHeaders?: readonly string[]) =>
    writer.fail(failure, { requestId, arrivalMs, batch: undefined }, extraHeaders);

  // While the router drains, every answer says so already.
  const refuseAndClose = (failure: Failure) =>
    refuse(failure, context.closing() ? [] : ['connection', 'close']);

  if (refusal) return refuse(refusal);
  const target = parseRequestTarget(url);
  if (!target || !hasOneHost(request, target.authority)) return refuse({ code: 'LPR_BAD_REQUEST' });
  if (!hasPlainFraming(request, headers)) return refuseAndClose({ code: 'LPR_BAD_REQUEST' });
  if (target.authority !== undefined) headers['host'] = target.authority;

  const match = routes.match(method, target.rawPath);
  if (match.type === 'not_found') return refuse({ code: 'LPR_ROUTE_NOT_FOUND' });
  if (match.type === 'bad_path') return refuse({ code: 'LPR_BAD_REQUEST' });
  if (match.type === 'method_not_allowed') {
    return refuse({ code: 'LPR_METHOD_NOT_ALLOWED' }, ['allow', match.allow.join(', ')]);
  }
  const { operation, routeKey, pathParameters } = match;
  exchange.route = operation.path;
  const tenantId = operation.tenantHeader && headers[operation.tenantHeader];
  if (operation.tenantHeader && !tenantId) {
    const message = `Expected the header \`${operation.tenantHeader}\`, got none.`;
    return refuse({ code: 'LPR_BAD_REQUEST', message });
  }

  const bounds = { maxBytes: config.maxBodyBytes, timeoutMs: operation.timeoutMs, clock };
  readBody(request, bounds, (outcome) => {
    if (outcome.type === 'refused') return refuseAndClose({ code: outcome.code });
    const body = outcome.bytes;
    exchange.bytesIn = body?.length ?? 0;
    const query = parseQuery(target.rawQueryString);
    const deadlineMs = arrivalMs + operation.timeoutMs;
    const forwarded = forwardHeaders(headers, config.forwardHeaders);
    trace?.inject(forwarded, config.forwardHeaders);
    const item = toBatchItem({
      requestId,
      method,
      target,
      query,
      routeKey,
      pathParameters,
      headers: forwarded,
      arrivalMs,
      deadlineMs,
      sourceIp,
      body,
    });
    const pending = new PendingRequest({
      id: requestId,
      arrivalMs,
      deadlineMs,
      item,
      tenantId,
      sink: writer,
      clock,
    });
    exchange.pending = pending;
    const values = keyValues(operation.key, headers, query);
    context.enqueue(generation, operation, method, values, pending);
  });
}

/** Calls back when the answer was written whole or the connection is gone. */
function onceClosed(request: IncomingMessage, response: ServerResponse, closed: () => void): void {
  if (response.socket) {
    response.once('close', closed);
    return;
  }
  // Pipelined behind another answer. Before Node.js 24 such a response is never closed when its connection is.
  const { socket } = request;
  const either = () => {
    socket.off('close', either);
    response.off('close', either);
    closed();
  };
  // As many as were sent at once.
  socket.setMaxListeners(0).once('close', either);
  response.once('close', either);
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
