import { fastify } from 'fastify';
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  InjectOptions,
  LightMyRequestResponse,
} from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/** A request that is answered without a socket: a URL, or its parts. */
export type InjectRequest = InjectOptions | string;
export type InjectResponse = LightMyRequestResponse;

export interface HttpServerOptions {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  readonly keepAliveTimeoutMs: number;
}

/**
 * The HTTP server. Requests are taken over before Fastify reads a body or looks at a content type:
 * a batch item carries both as they came, whatever the method.
 */
export function createHttpServer({
  handle,
  keepAliveTimeoutMs,
}: HttpServerOptions): FastifyInstance {
  const takeOver = (request: FastifyRequest, reply: FastifyReply) => {
    reply.hijack();
    // An injected response knows only headers that were set; a first one makes `writeHead` set all.
    if (!(request.raw.socket instanceof Socket))
      reply.raw.setHeader('date', new Date().toUTCString());
    handle(request.raw, reply.raw);
  };
  const app = fastify({
    logger: false,
    keepAliveTimeout: keepAliveTimeoutMs,
    // Closed when no request is left: what remains then is idle.
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    // Paths that Fastify cannot decode: the route table has its own answer to them.
    frameworkErrors: (_error, request, reply) => takeOver(request, reply),
  });
  app.addHook('onRequest', (request, reply) => takeOver(request, reply));
  return app;
}
