import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startClosedLoop } from '../src/closed-loop.ts';
import { answerTo } from '../src/workload.ts';

async function load(listener: RequestListener, connections: number) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const loop = startClosedLoop(`http://127.0.0.1:${port}`, connections);
  loop.failed.catch(() => {});
  onTestFinished(() => {
    loop.stop();
    server.closeAllConnections();
    server.close();
  });
  return loop;
}

const idOf = (url = '') => /^\/hello\/(\d+)\?/.exec(url)?.[1] ?? '';

describe('closed loop', () => {
  it('asks again and again, one request at a time on each connection', async () => {
    let inflight = 0;
    let most = 0;
    const loop = await load((request, response) => {
      inflight += 1;
      most = Math.max(most, inflight);
      setImmediate(() => {
        inflight -= 1;
        response.end(answerTo(idOf(request.url)));
      });
    }, 4);
    await vi.waitUntil(() => loop.completed >= 40);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('fails at the first wrong answer', async () => {
    const loop = await load((request, response) => {
      const id = Number(idOf(request.url));
      response.end(answerTo(String(id === 10 ? 9 : id)));
    }, 2);
    await expect(loop.failed).rejects.toThrow('Expected the answer to request 10, got 200');
    expect(loop.completed).toBeLessThan(12);
  });

  it('fails when a connection is closed', async () => {
    const loop = await load((request) => request.socket.destroy(), 1);
    await expect(loop.failed).rejects.toThrow(/closed|hang up|ECONNRESET/);
  });
});
