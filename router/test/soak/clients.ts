import { once } from 'node:events';
import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { BULK } from './chaos-function.ts';
import type { Chance } from './random.ts';

/** What clients saw; `wrong` tells of answers that were somebody else's. */
export interface Outcomes {
  readonly statuses: Record<string, number>;
  readonly wrong: string[];
  sent: number;
}

/** A crowd of clients of all manners, until `until` (ms of `performance.now`) or `most` requests. */
export async function crowd(options: {
  readonly url: string;
  readonly size: number;
  readonly chance: Chance;
  readonly until: number;
  readonly most: number;
}): Promise<Outcomes> {
  const { url, size, chance, until, most } = options;
  const outcomes: Outcomes = { statuses: {}, wrong: [], sent: 0 };
  const agent = new Agent({ keepAlive: true, maxSockets: size });
  const one = async () => {
    while (performance.now() < until && outcomes.sent < most) {
      outcomes.sent += 1;
      const manner = chance.pick(MANNERS, 1.5);
      await manner({ url, agent, chance, name: `n=${outcomes.sent}`, outcomes });
    }
  };
  await Promise.all(Array.from({ length: size }, one));
  agent.destroy();
  return outcomes;
}

interface Visit {
  readonly url: string;
  readonly agent: Agent;
  readonly chance: Chance;
  readonly name: string;
  readonly outcomes: Outcomes;
}

const MANNERS = [reads, reads, reads, posts, leaves, sipsAndLeaves, sendsHalf, pipelines, babbles];

const path = ({ chance, name }: Visit) => `${chance.pick(['/buffered', '/streamed'])}?${name}`;
const pause = (chance: Chance, most: number) =>
  new Promise((resolve) => setTimeout(resolve, chance.below(most)));

/** Reads its whole answer, which has to be its own. */
async function reads(visit: Visit): Promise<void> {
  await exchange(visit, 'GET', '');
}

async function posts(visit: Visit): Promise<void> {
  const { chance } = visit;
  await exchange(visit, 'POST', 'b'.repeat(chance.pick([1, 100, 70_000, 200_000])));
}

function exchange(visit: Visit, method: string, body: string): Promise<void> {
  const { url, agent, name, outcomes } = visit;
  return new Promise((resolve) => {
    const count = (outcome: string) => {
      outcomes.statuses[outcome] = (outcomes.statuses[outcome] ?? 0) + 1;
      resolve();
    };
    const outgoing = request(url + path(visit), { agent, method }, (response) => {
      let text = '';
      response.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
      response.on('error', () => count('broken off'));
      response.on('end', () => {
        const own = text === name || text.startsWith(BULK);
        if (response.statusCode === 200 && !own)
          outcomes.wrong.push(`${name}: ${text.slice(0, 80)}`);
        count(String(response.statusCode));
      });
    });
    outgoing.on('error', () => count('no answer'));
    outgoing.end(body);
  });
}

/** Goes away at any moment. */
async function leaves(visit: Visit): Promise<void> {
  const outgoing = request(visit.url + path(visit), { agent: visit.agent });
  outgoing
    .on('error', () => {})
    .on('response', (response) => void response.resume())
    .end();
  await pause(visit.chance, 60);
  outgoing.destroy();
}

/** Stops reading after the head, and goes away later. */
async function sipsAndLeaves(visit: Visit): Promise<void> {
  const outgoing = request(visit.url + path(visit), { agent: false });
  outgoing.on('error', () => {});
  outgoing.on('response', (response: IncomingMessage) => {
    response.on('error', () => {}).pause();
  });
  outgoing.end();
  await pause(visit.chance, 600);
  outgoing.destroy();
}

/** Sends a part of a body, and goes away or sends the rest. */
async function sendsHalf(visit: Visit): Promise<void> {
  const headers = `POST ${path(visit)} HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345`;
  await raw(visit, [headers, visit.chance.pick(['', '67890'])]);
}

/** Sends two requests at once, perhaps with what is none behind them, and may go before the first answer. */
async function pipelines(visit: Visit): Promise<void> {
  const get = () => `GET ${path(visit)} HTTP/1.1\r\nHost: a\r\n\r\n`;
  await raw(visit, [get() + get() + visit.chance.pick(['', '', 'BABBLE\r\n\r\n', CONNECT])]);
}

const CONNECT = 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n';

/** Sends what is no request, or none that is answered by a function. */
async function babbles(visit: Visit): Promise<void> {
  const text = visit.chance.pick([
    'BABBLE\r\n\r\n',
    'GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n',
    'GET /buffered HTTP/1.1\r\n\r\n',
    'DELETE /buffered HTTP/1.1\r\nHost: a\r\n\r\n',
    CONNECT,
    'POST /buffered HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\nx',
    'GET /buffered HTTP/1.0\r\n\r\n',
    'GET /streamed HTTP/1.0\r\n\r\n',
  ]);
  await raw(visit, [text]);
}

async function raw({ url, chance }: Visit, parts: readonly string[]): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  const closed = once(socket, 'close').catch(() => {});
  if (chance.below(2) === 0) socket.resume();
  for (const part of parts) {
    socket.write(part);
    await pause(chance, 60);
  }
  if (chance.below(2) === 0) socket.destroy();
  else socket.resetAndDestroy();
  await closed;
}
