import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { onTestFinished, vi } from 'vitest';

/** How the server ended a connection: in order, or by a reset. */
export type Ending = 'closed' | 'reset';

/** What a reset looks like that came while its client did not read: Node.js 22 takes it for an end. */
export const RESET_UNREAD: Ending = process.versions.node.startsWith('22.') ? 'closed' : 'reset';

/** A client that sends bytes as they are, and reads only when it is told to. */
export interface RawClient {
  readonly socket: Socket;
  /** Everything read so far, as Latin-1. */
  readonly received: () => string;
  send(text: string): void;
  /** Resolves as soon as the text has been read. */
  until(text: string): Promise<string>;
  /** Resolves when the server has ended the connection. */
  readonly ended: Promise<Ending>;
}

/** Connects to a server; the connection ends with the test. `paused` never reads until `socket.resume()`. */
export async function connectRaw(url: string, { paused = false } = {}): Promise<RawClient> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  onTestFinished(() => void socket.destroy());
  let reset = false;
  let received = '';
  const ended = new Promise<Ending>((resolve) => {
    socket.on('error', () => (reset = true));
    socket.on('close', () => resolve(reset ? 'reset' : 'closed'));
  });
  socket.on('data', (bytes) => (received += bytes.toString('latin1')));
  if (paused) socket.pause();
  await once(socket, 'connect');
  return {
    socket,
    received: () => received,
    send: (text) => void socket.write(text),
    async until(text) {
      await vi.waitFor(() => {
        if (!received.includes(text)) throw new Error(`Expected ${text}, got ${received}`);
      }, WAIT);
      return received;
    },
    ended,
  };
}

/** Sends a request as it is and reads until the server closes the connection. */
export async function exchange(url: string, text: string): Promise<{ text: string; end: Ending }> {
  const client = await connectRaw(url);
  client.send(text);
  const end = await client.ended;
  return { text: client.received(), end };
}

/** Conditions are looked at often; how long they may take depends on the machine. */
export const WAIT = { timeout: 20_000, interval: 5 } as const;

/** A GET request, ready to be sent. */
export function get(path: string, { version = '1.1', headers = '' } = {}): string {
  return `GET ${path} HTTP/${version}\r\nHost: router.test\r\n${headers}\r\n`;
}

/** The parts of one answer that was read whole. */
export function parseAnswer(text: string): { status: number; head: string; body: string } {
  const cut = text.indexOf('\r\n\r\n');
  const head = text.slice(0, cut);
  return { status: Number(head.split(' ')[1]), head, body: text.slice(cut + 4) };
}
