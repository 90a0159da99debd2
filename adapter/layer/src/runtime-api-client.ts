import { request } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { collectBody } from './collect-body.ts';
import type { Address } from './settings.ts';

/** What the real API answered. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** As they came: name, value, name, value … */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** Headers of a request. */
export type Headers = Readonly<Record<string, string | number>>;

/** Where a runtime polls for its next event. */
export const NEXT_PATH = '/2018-06-01/runtime/invocation/next';

/** Where the answer or the error of an invocation goes. */
export function invocationPath(id: string, end: 'response' | 'error'): string {
  return `/2018-06-01/runtime/invocation/${encodeURIComponent(id)}/${end}`;
}

/**
 * Calls the real Runtime API and Extensions API. Every request has a connection of its own: after Lambda
 * has frozen and thawed the sandbox, a kept one could turn out to be dead with an answer on it.
 */
export class RuntimeApiClient {
  readonly #upstream: Address;

  constructor(upstream: Address) {
    this.#upstream = upstream;
  }

  /** Waits for a GET's answer for as long as it takes. Rejects when there is none. */
  get(path: string, headers: Headers = {}): Promise<UpstreamAnswer> {
    return this.#send('GET', path, headers, []);
  }

  /** Posts a body, given in pieces so that nobody has to join them. */
  post(
    path: string,
    headers: Headers,
    pieces: readonly (string | Uint8Array)[],
  ): Promise<UpstreamAnswer> {
    const length = pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
    return this.#send('POST', path, { ...headers, 'Content-Length': length }, pieces);
  }

  /** Begins a post whose body follows, in chunks; it is sent with the first of them. */
  open(path: string, headers: Headers): ClientRequest {
    return request(this.#options('POST', path, { ...headers, 'Transfer-Encoding': 'chunked' }));
  }

  /** Passes a request on and its answer back, bytes and trailers as they are; false when either broke. */
  forward(incoming: IncomingMessage, outgoing: ServerResponse): Promise<boolean> {
    return new Promise((resolve) => {
      const { method = 'GET', url = '/', rawHeaders } = incoming;
      const { host, port } = this.#upstream;
      // Headers in a list are sent as they are, without a `Host` of Node's.
      const headers = ['Host', `${host}:${port}`, ...forwarded(rawHeaders)];
      const upstream = request({ ...this.#options(method, url, {}), headers });
      const fail = (): void => {
        upstream.destroy();
        outgoing.destroy();
        resolve(false);
      };
      upstream.once('error', fail);
      upstream.once('response', (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, forwarded(answer.rawHeaders));
        pipeline(answer, outgoing, (error) => {
          resolve(error === undefined || error === null);
        });
      });
      incoming.once('error', fail);
      incoming.once('end', () => {
        if (incoming.rawTrailers.length > 0) upstream.addTrailers(pairs(incoming.rawTrailers));
        upstream.end();
      });
      incoming.once('close', () => {
        if (!incoming.readableEnded) fail();
      });
      incoming.pipe(upstream, { end: false });
    });
  }

  #send(
    method: string,
    path: string,
    headers: Headers,
    pieces: readonly (string | Uint8Array)[],
  ): Promise<UpstreamAnswer> {
    return new Promise((resolve, reject) => {
      const sending = request(this.#options(method, path, headers));
      sending.once('error', reject);
      sending.once('response', (answer) => {
        collectBody(answer).then((body) => {
          if (body.type !== 'whole')
            return reject(new Error('The Runtime API broke off its answer'));
          const { statusCode = 0, headers, rawHeaders } = answer;
          resolve({ status: statusCode, headers, rawHeaders, body: body.bytes });
        }, reject);
      });
      for (const piece of pieces) sending.write(piece);
      sending.end();
    });
  }

  #options(method: string, path: string, headers: Headers): RequestOptions {
    const { host, port } = this.#upstream;
    return { host, port, method, path, headers, agent: false };
  }
}

// The two connections are separate: what is about one is not said on the other.
function forwarded(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (!/^(connection|keep-alive|host|expect)$/i.test(name))
      kept.push(name, rawHeaders[index + 1] ?? '');
  }
  return kept;
}

function pairs(raw: readonly string[]): Record<string, string> {
  const record: Record<string, string> = {};
  for (let index = 0; index < raw.length; index += 2)
    record[raw[index] ?? ''] = raw[index + 1] ?? '';
  return record;
}
