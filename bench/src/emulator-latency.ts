import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { send, withHandler } from './emulator-program.ts';
import type { StartEmulator } from './emulator-program.ts';

/**
 * Times of single requests to a handler that takes no time, one after another over one connection, in
 * ms. As many before them do not count.
 */
export async function measureLatency(start: StartEmulator, requests: number): Promise<number[]> {
  return withHandler('one', start, (program) => times((agent) => program.ask(agent), requests));
}

/** The same of a bare `node:http` server: what any HTTP server adds. */
export async function measureFloor(requests: number): Promise<number[]> {
  const server = createServer((_request, response) => {
    response.end('one');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  try {
    return await times((agent) => send(`http://127.0.0.1:${port}`, { agent }), requests);
  } finally {
    server.close();
  }
}

async function times(ask: (agent: Agent) => Promise<string>, requests: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const measured: number[] = [];
  for (let request = 0; request < requests * 2; request += 1) {
    const startedAt = performance.now();
    const answer = await ask(agent);
    if (answer !== 'one') throw new Error(`Expected \`one\`, got \`${answer}\``);
    if (request >= requests) measured.push(performance.now() - startedAt);
  }
  agent.destroy();
  return measured;
}
