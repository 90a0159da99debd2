import type { FastifyInstance } from 'fastify';
import { MANAGEMENT_PATHS } from '../config/management-paths.ts';
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

/** What the router says of itself. */
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
}
