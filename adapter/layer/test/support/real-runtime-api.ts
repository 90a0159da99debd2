import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An event that the API hands out. */
export interface Offer {
  readonly id: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status?: number;
}

/** What was posted. */
export interface Posted {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly trailers: IncomingMessage['trailers'];
  readonly body: Buffer;
  /** False when the connection went first. */
  readonly complete: boolean;
}

/** A Runtime API on a real socket that does as it is told. */
export class RealRuntimeApi implements AsyncDisposable {
  readonly posted: Posted[] = [];
  /** Takes over a request; return true to have it left alone. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean = () => false;
  readonly #offers: Offer[] = [];
  readonly #waiting: ServerResponse[] = [];
  readonly #chunks = new Map<string, Buffer[]>();
  readonly #listeners = new Set<() => void>();
  readonly #server = createServer((request, response) => this.#serve(request, response));

  static async start(): Promise<RealRuntimeApi> {
    const api = new RealRuntimeApi();
    await new Promise<void>((resolve) => api.#server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many `next` wait. */
  get pollers(): number {
    return this.#waiting.length;
  }

  offer(offer: Offer): void {
    this.#offers.push(offer);
    this.#match();
  }

  /** Resolves with what was posted to a path that ends so. */
  async received(ending: string): Promise<Posted> {
    await this.until(() => this.posted.some(({ path }) => path.endsWith(ending)));
    return this.posted.find(({ path }) => path.endsWith(ending))!;
  }

  /** What has been read so far of an answer that may still be under way. */
  partial(path: string): string {
    return Buffer.concat(this.#chunks.get(path) ?? []).toString();
  }

  /** Forgets what has been posted. */
  forget(): void {
    this.posted.length = 0;
    this.#chunks.clear();
  }

  /** Resolves when `condition` holds; it is looked at whenever something arrives. */
  until(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#listeners.delete(look);
        resolve();
      };
      this.#listeners.add(look);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    if (this.intercept(request, response)) return this.#tell();
    const path = request.url ?? '';
    if (request.method === 'GET' && path.endsWith('/invocation/next')) {
      this.#waiting.push(response);
      response.once('close', () => {
        if (this.#waiting.includes(response))
          this.#waiting.splice(this.#waiting.indexOf(response), 1);
        this.#tell();
      });
      this.#match();
      return;
    }
    const chunks: Buffer[] = [];
    this.#chunks.set(path, chunks);
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      this.#tell();
    });
    request.on('error', () => undefined);
    request.once('close', () => {
      const { headers, trailers, complete } = request;
      this.posted.push({ path, headers, trailers, body: Buffer.concat(chunks), complete });
      this.#tell();
    });
    request.once('end', () => {
      response.writeHead(202, { 'Content-Type': 'application/json' }).end('{"status":"OK"}');
    });
  }

  #match(): void {
    while (this.#offers.length > 0 && this.#waiting.length > 0) {
      const { id, body, headers = {}, status = 200 } = this.#offers.shift()!;
      const response = this.#waiting.shift()!;
      response.writeHead(status, {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        'Lambda-Runtime-Aws-Request-Id': id,
        'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:us-east-1:123456789012:function:f',
        'Lambda-Runtime-Trace-Id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700',
        'Lambda-Runtime-Deadline-Ms': String(Date.now() + 60_000),
        ...headers,
      });
      response.end(body);
    }
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
