import { once } from 'node:events';
import { request as openRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { decodeBody } from 'lpr-protocol';
import type { Recording, RequestRecord } from './recording.ts';

/** Headers of a connection, and those that Node writes itself. */
const NOT_REPEATED = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** How long an answer that has begun is read, in ms: some never end. */
const MAX_READING_MS = 300_000;

/** Why a request cannot be sent again; `undefined` when it can. */
export function whyNotReplayable({ summary, rawHeaders }: RequestRecord): string | undefined {
  if (summary.method === 'CONNECT') return 'It asks for a tunnel.';
  if (summary.batchId !== undefined) return undefined;
  if (summary.totalMs === undefined) return 'It has not left the queue yet.';
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  if (!names.includes('content-length') && !names.includes('transfer-encoding')) return undefined;
  return 'It was refused, and its body was not kept.';
}

/**
 * Sends recorded requests again, as clients would: through the router's own address, and all at the same
 * time, so that those of a batch can share a batch again. Whoever records the new requests asks
 * `originalOf` what they repeat.
 */
export class Replayer {
  readonly #recording: Recording;
  readonly #address: () => string;
  /** By the port that they come from. */
  readonly #closing = new AbortController();
  readonly #underWay = new Map<number, UnderWay>();

  /** `address` is the URL of the router. */
  constructor(recording: Recording, address: () => string) {
    this.#recording = recording;
    this.#address = address;
  }

  /** The request that `request` repeats, if it is a replay; remembers its new id. */
  originalOf(request: IncomingMessage, replay: string): string | undefined {
    const entry = this.#underWay.get(request.socket?.remotePort ?? -1);
    if (entry === undefined) return undefined;
    entry.replay = replay;
    return entry.original;
  }

  /** Resolves to the ids of the new requests once all answers have begun; those that could not be sent have none. */
  async replay(ids: readonly string[]): Promise<(string | undefined)[]> {
    const opened = await Promise.all(
      ids.map(async (id) => {
        const record = this.#recording.requests.get(id);
        if (record === undefined || whyNotReplayable(record) !== undefined) return undefined;
        const body = this.#bodyOf(record);
        const connection = await this.#open(record);
        return connection && { ...connection, body };
      }),
    );
    return Promise.all(opened.map(async (one) => one && this.#send(one, one.body)));
  }

  /** Gives up what is under way. */
  close(): void {
    this.#closing.abort();
  }

  /** Opens a connection of its own for a request; without a port it has failed. */
  async #open({ summary, rawHeaders }: RequestRecord): Promise<Opened | undefined> {
    const { hostname, port } = new URL(this.#address());
    try {
      const request = openRequest({
        hostname: hostname.replace(/^\[|\]$/g, ''),
        port,
        method: summary.method,
        path: summary.target,
        headers: repeated(rawHeaders),
        // A connection of its own tells it from all others.
        agent: false,
        setHost: false,
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(MAX_READING_MS)]),
      });
      const begun = beginningOf(request);
      const [socket] = (await once(request, 'socket')) as [Socket];
      await once(socket, 'connect');
      return { id: summary.id, request, begun, port: socket.localPort ?? -1 };
    } catch {
      // Node refuses to send what other programs do send.
      return undefined;
    }
  }

  async #send({ id, request, begun, port }: Opened, body: Uint8Array | undefined) {
    const entry: UnderWay = { original: id, replay: undefined };
    this.#underWay.set(port, entry);
    request.end(body);
    await begun;
    this.#underWay.delete(port);
    return entry.replay;
  }

  #bodyOf({ summary }: RequestRecord): Uint8Array | undefined {
    const batch = this.#recording.batches.get(summary.batchId ?? '');
    if (batch === undefined) return undefined;
    const event = JSON.parse(Buffer.from(batch.payload).toString()) as Item & { batch?: Item[] };
    const item = event.batch?.[batch.summary.requestIds.indexOf(summary.id)] ?? event;
    return item.body === undefined ? undefined : decodeBody(item.body, item.isBase64Encoded);
  }
}

interface UnderWay {
  readonly original: string;
  replay: string | undefined;
}

interface Opened {
  readonly id: string;
  readonly request: ClientRequest;
  /** Resolves when there is an answer, or there will be none. */
  readonly begun: Promise<void>;
  readonly port: number;
}

/** What is used of an item. */
interface Item {
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

function repeated(rawHeaders: readonly string[]): string[] {
  const headers: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    if (!NOT_REPEATED.has(name.toLowerCase())) headers.push(name, value);
  }
  return headers;
}

function beginningOf(request: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    request.once('error', () => resolve());
    request.once('close', () => resolve());
    request.once('response', (response) => {
      response.once('error', () => undefined).resume();
      resolve();
    });
  });
}
