import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { toError } from './invocation-exchange.ts';
import type { FunctionErrorPayload } from '../runtime/errors.ts';

const API = '/2020-01-01/extension/';

/** Told of what extensions do. */
export interface ExtensionsListener {
  /** An extension waits for its first event. */
  ready(): void;
  failed(error: FunctionErrorPayload): void;
}

/** The Extensions API of one execution environment. */
export class Extensions {
  readonly #listener: ExtensionsListener;
  /** By identifier: who waits for an event, once somebody does. */
  readonly #registered = new Map<string, ServerResponse | undefined>();
  #shuttingDown = false;

  constructor(listener: ExtensionsListener) {
    this.#listener = listener;
  }

  /** How many extensions wait for an event. */
  get ready(): number {
    return [...this.#registered.values()].filter((response) => response !== undefined).length;
  }

  /** Answers a request if it is one for this API. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const url = request.url ?? '';
    if (!url.startsWith(API)) return false;
    const call = `${request.method} ${url.slice(API.length)}`;
    if (call === 'POST register') await this.#register(request, response);
    else if (call === 'GET event/next') this.#next(request, response);
    else if (call === 'POST init/error' || call === 'POST exit/error') {
      this.#listener.failed(toError(await text(request), 'Extension.Failed'));
      response.writeHead(202).end('{"status":"OK"}');
    } else {
      response.writeHead(404).end();
    }
    return true;
  }

  /** Tells every extension that the environment ends. */
  shutDown(): void {
    this.#shuttingDown = true;
    for (const response of this.#registered.values()) response?.end(SHUTDOWN);
  }

  async #register(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { events } = parse(await text(request));
    const name = request.headers['lambda-extension-name'];
    if (name === undefined || !Array.isArray(events)) {
      response.writeHead(400).end('{"errorType":"Extension.InvalidRequest"}');
      return;
    }
    const identifier = randomUUID();
    this.#registered.set(identifier, undefined);
    response.writeHead(200, { 'Lambda-Extension-Identifier': identifier }).end('{}');
  }

  #next(request: IncomingMessage, response: ServerResponse): void {
    const identifier = String(request.headers['lambda-extension-identifier']);
    if (!this.#registered.has(identifier)) {
      response.writeHead(403).end('{"errorType":"Extension.UnknownExtensionIdentifier"}');
      return;
    }
    if (this.#shuttingDown) {
      response.end(SHUTDOWN);
      return;
    }
    this.#registered.set(identifier, response);
    this.#listener.ready();
  }
}

const SHUTDOWN = JSON.stringify({
  eventType: 'SHUTDOWN',
  shutdownReason: 'spindown',
  deadlineMs: 0,
});

function parse(json: string): { readonly events?: unknown } {
  try {
    return JSON.parse(json) as { events?: unknown };
  } catch {
    return {};
  }
}
