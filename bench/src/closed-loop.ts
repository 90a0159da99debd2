import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { HttpAnswers } from './http-answers.ts';
import { answerTo, REQUEST_HEADERS, targetOf } from './workload.ts';

/** Requests that go on until it is stopped; each answer is checked against what was asked. */
export interface ClosedLoop {
  /** Right answers so far. */
  readonly completed: number;
  /** Rejects with the first wrong answer or broken connection. */
  readonly failed: Promise<never>;
  /** From now on at most so many requests a second. */
  slowDownTo(rate: number): void;
  stop(): void;
}

/** Calls `ask` when the next request may go out. */
type Pace = (ask: () => void) => void;

const HEADERS = Object.entries(REQUEST_HEADERS)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('');

/** Opens connections on each of which the next request follows the answer to the last. */
export function startClosedLoop(url: string, connections: number): ClosedLoop {
  const { hostname, port } = new URL(url);
  let pace: Pace = (ask) => ask();
  const failed = Promise.withResolvers<never>();
  const state = { completed: 0, asked: 0, stopped: false };
  const sockets = Array.from({ length: connections }, () => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    run(socket, state, (ask) => pace(ask), failed.reject);
    return socket;
  });
  return {
    get completed() {
      return state.completed;
    },
    failed: failed.promise,
    slowDownTo(rate) {
      pace = paced(rate);
    },
    stop() {
      state.stopped = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}

function run(
  socket: Socket,
  state: { completed: number; asked: number; stopped: boolean },
  pace: Pace,
  fail: (error: Error) => void,
): void {
  const answers = new HttpAnswers();
  let id = '';
  const ask = () => {
    const n = (state.asked += 1);
    id = String(n);
    socket.write(`GET ${targetOf(n)} HTTP/1.1\r\n${HEADERS}\r\n`);
  };
  socket.once('connect', () => pace(ask));
  socket.on('error', fail);
  socket.on('close', () => {
    if (!state.stopped) fail(new Error('Expected the connection to stay open, it was closed'));
  });
  socket.on('data', (bytes) => {
    try {
      for (const { status, body } of answers.push(bytes)) {
        if (status !== 200 || body !== answerTo(id)) {
          throw new Error(`Expected the answer to request ${id}, got ${status} ${body}`);
        }
        state.completed += 1;
        pace(ask);
      }
    } catch (error) {
      fail(error as Error);
      socket.destroy();
    }
  });
}

/** Gives each request its moment, a fixed time after the one before; none when it is behind. */
function paced(rate: number): Pace {
  const gapMs = 1000 / rate;
  let nextAt = 0;
  return (ask) => {
    const now = performance.now();
    nextAt = Math.max(nextAt + gapMs, now);
    if (nextAt - now < 1) ask();
    else setTimeout(ask, nextAt - now);
  };
}
