import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { createHandlerProject, startEmulatorProgram } from './emulator-program.ts';

/** Times of single requests, one after another over one connection, in ms. */
export interface Latencies {
  readonly emulator: readonly number[];
  /** A bare `node:http` server that answers the same: what any HTTP server adds. */
  readonly floor: readonly number[];
}

/** What a request costs beside the handler, which takes no time. The first requests do not count. */
export async function measureLatency(requests: number): Promise<Latencies> {
  await using project = await createHandlerProject('one');
  await using program = await startEmulatorProgram(project.folder);
  const server = createServer((_request, response) => {
    response.end('one');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  try {
    const emulator = await times(`${program.url}/hello`, requests);
    const floor = await times(`http://127.0.0.1:${port}/hello`, requests);
    return { emulator, floor };
  } finally {
    server.close();
  }
}

async function times(url: string, requests: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const measured: number[] = [];
  for (let request = 0; request < requests * 2; request += 1) {
    const startedAt = performance.now();
    await ask(url, agent);
    if (request >= requests) measured.push(performance.now() - startedAt);
  }
  agent.destroy();
  return measured;
}

async function ask(url: string, agent: Agent): Promise<void> {
  const request = get(url, { agent });
  const [response] = (await once(request, 'response')) as [AsyncIterable<Buffer>];
  let body = '';
  for await (const chunk of response) body += chunk.toString();
  if (body !== 'one') throw new Error(`Expected \`one\`, got \`${body}\``);
}
