import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MANAGEMENT_PATHS } from '../config/management-paths.ts';
import { refuseReply } from './refuse-reply.ts';
import { originForm } from './request-target.ts';

export interface Management {
  /** False from the moment a drain begins: a load balancer then sends elsewhere. */
  readonly ready: () => boolean;
  /** Renders the metrics. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

const PATHS = Object.values(MANAGEMENT_PATHS);

/** Whether a request line's target is one of the router's own. */
export function isManagementTarget(requestTarget: string): boolean {
  const target = originForm(requestTarget);
  return PATHS.some(
    (path) =>
      target.startsWith(path) && (target.length === path.length || target[path.length] === '?'),
  );
}

const READ_METHODS = ['GET', 'HEAD'];

/** What the router says of itself. Never reaches a function, whatever the method. */
export function addManagementRoutes(app: FastifyInstance, management: Management): void {
  const routes = { exposeHeadRoute: true };
  app.get(MANAGEMENT_PATHS.health, routes, () => ({ status: 'ok' }));
  app.get(MANAGEMENT_PATHS.readiness, routes, (_request, reply) => {
    const ready = management.ready();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'draining' });
  });
  app.get(MANAGEMENT_PATHS.metrics, routes, async (_request, reply) => {
    const { contentType, text } = await management.metrics();
    return reply.header('content-type', contentType).send(text);
  });
  const method = app.supportedMethods.filter((name) => !READ_METHODS.includes(name));
  for (const url of PATHS) {
    // Before the body is read, or its type looked at.
    app.route({ method, url, onRequest: refuseMethod, handler: refuseMethod });
  }
}

async function refuseMethod(_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return refuseReply(reply.header('allow', READ_METHODS.join(', ')), 'LPR_METHOD_NOT_ALLOWED');
}
