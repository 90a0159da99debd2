import { fastify } from 'fastify';
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  InjectOptions,
  LightMyRequestResponse,
} from 'fastify';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { hasOneHost } from './message-checks.ts';
import { refuseConnection } from './refuse-connection.ts';
import { refuseRequest } from './refuse-request.ts';
import { originForm } from './request-target.ts';

/** A request that is answered without a socket: a URL, or its parts. */
export type InjectRequest = InjectOptions | string;
export type InjectResponse = LightMyRequestResponse;

export interface HttpServerOptions {
  /** Takes what is for no route of the server's own; without it that is 404. */
  readonly handle?: (request: IncomingMessage, response: ServerResponse) => void;
  /** Which request targets are for the server's own routes; those take `GET` and `HEAD`. */
  readonly isOwn: (target: string) => boolean;
  readonly keepAliveTimeoutMs: number;
}

/** Of the server's own routes; any other method is 405. */
const OWN_METHODS = ['GET', 'HEAD'];
/** How long the request line and headers may take to arrive: 408 after that. */
const HEADERS_TIMEOUT_MS = 20_000;
/** How long the whole request may take to arrive. */
const REQUEST_TIMEOUT_MS = 60_000;
/** Request line and headers together, in bytes: 431 past it. What an ALB lets through fits. */
const MAX_HEADER_BYTES = 65_536;

/**
 * The HTTP server. Requests are taken over before Fastify reads a body or looks at a content type:
 * a batch item carries both as they came, whatever the method.
 */
export function createHttpServer({
  handle,
  isOwn,
  keepAliveTimeoutMs,
}: HttpServerOptions): FastifyInstance {
  /** Answers what is for none of the server's own routes; whether it was. */
  const answered = (request: IncomingMessage, response: ServerResponse): boolean => {
    const own = isOwn(request.url ?? '');
    if (!own && handle) handle(request, response);
    else if (!own) refuseRequest(response, 'LPR_ROUTE_NOT_FOUND');
    else if (!OWN_METHODS.includes(request.method ?? '')) {
      refuseRequest(response, 'LPR_METHOD_NOT_ALLOWED', ['allow', OWN_METHODS.join(', ')]);
    } else if (!hasOneHost(request, undefined)) refuseRequest(response, 'LPR_BAD_REQUEST');
    else return false;
    return true;
  };
  /** For what comes by way of Fastify: requests without a socket. */
  const takeOver = (request: FastifyRequest, reply: FastifyReply) => {
    reply.hijack();
    // An injected response knows only headers that were set; a first one makes `writeHead` set all.
    reply.raw.setHeader('date', new Date().toUTCString());
    answered(request.raw, reply.raw);
  };
  const app = fastify({
    logger: false,
    keepAliveTimeout: keepAliveTimeoutMs,
    requestTimeout: REQUEST_TIMEOUT_MS,
    serverFactory: (ownRoutes) =>
      createServer(
        {
          keepAliveTimeout: keepAliveTimeoutMs,
          requestTimeout: REQUEST_TIMEOUT_MS,
          headersTimeout: HEADERS_TIMEOUT_MS,
          maxHeaderSize: MAX_HEADER_BYTES,
          // A missing `Host` gets an error body like every other mistake.
          requireHostHeader: false,
          // Without a body there is nothing to read: no stream is run for it. Since Node.js 24.
          optimizeEmptyRequests: true,
        },
        // What cannot be the server's own goes past Fastify's routing, which costs it a tenth.
        (request, response) => {
          if (!answered(request, response)) ownRoutes(request, response);
        },
      ),
    // Closed when no request is left: what remains then is idle.
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    rewriteUrl: ({ url = '/' }) => originForm(url),
    clientErrorHandler: refuseConnection,
    // Paths that Fastify cannot decode: the route table has its own answer to them.
    frameworkErrors: (_error, request, reply) => takeOver(request, reply),
  });
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.url === undefined) takeOver(request, reply);
    else done();
  });
  // Their bytes are the bound. Node.js 22.18 hides those past a number, `Content-Length` too.
  app.server.maxHeadersCount = 0;
  // An expectation that is not `100-continue` may be ignored (RFC 9110 §10.1.1).
  app.server.on('checkExpectation', (request, response) => {
    app.server.emit('request', request, response);
  });
  app.server.on('connect', (_request, socket) => {
    refuseConnection(new Error('CONNECT is for proxies'), socket);
  });
  return app;
}
