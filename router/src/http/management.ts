import type { FastifyInstance } from 'fastify';
import { MANAGEMENT_PATHS } from '../config/management-paths.ts';

export interface Management {
  /** False from the moment a drain begins: a load balancer then sends elsewhere. */
  readonly ready: () => boolean;
  /** Renders the metrics. */
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
}

/** What the router says of itself. Never reaches a function. */
export function addManagementRoutes(app: FastifyInstance, management: Management): void {
  app.get(MANAGEMENT_PATHS.health, () => ({ status: 'ok' }));
  app.get(MANAGEMENT_PATHS.readiness, (_request, reply) => {
    const ready = management.ready();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'draining' });
  });
  app.get(MANAGEMENT_PATHS.metrics, async (_request, reply) => {
    const { contentType, text } = await management.metrics();
    return reply.header('content-type', contentType).send(text);
  });
}
