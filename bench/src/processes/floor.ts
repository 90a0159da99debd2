import { fastify } from 'fastify';
import { answerTo } from '../workload.ts';

// The least that an HTTP answer costs: a bare Fastify route.
const app = fastify({ logger: false });
app.get<{ Params: { id: string } }>('/hello/:id', (request, reply) => {
  reply.header('content-type', 'application/json').send(answerTo(request.params.id));
});
const url = await app.listen({ host: '127.0.0.1', port: 0, backlog: 4096 });
process.once('SIGINT', () => process.exit());
process.send?.({ type: 'listening', url });
