import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { EnvironmentInvocation } from '../functions/invocation.ts';
import type { FunctionErrorPayload } from '../runtime/errors.ts';
import { FunctionFailure } from '../runtime/errors.ts';
import { Extensions } from './extensions.ts';
import { InvocationExchange, toError } from './invocation-exchange.ts';

const API = '/2018-06-01/runtime/';
const INVOCATION = /^invocation\/([^/]+)\/(response|error)$/;
const ACCEPTED = '{"status":"OK"}';

interface Current {
  readonly exchange: InvocationExchange;
  /** Echoed by runtimes that know it; another one means another invocation. */
  readonly invocationId: string;
  state: 'waiting' | 'handed_out' | 'answered';
}

/** The Runtime API and the Extensions API of one execution environment, on loopback. */
export class RuntimeApi {
  /**
   * Resolves when the runtime and `extensions` extensions ask for an event: Init is complete. Rejects
   * with a `FunctionFailure` when one of them reports an error before.
   */
  readonly ready: Promise<void>;
  readonly #ready = Promise.withResolvers<void>();
  readonly #extensions: Extensions;
  readonly #expected: number;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #poll: ServerResponse | undefined;
  #polled = false;
  #current: Current | undefined;

  private constructor(extensions: number) {
    this.ready = this.#ready.promise;
    this.ready.catch(() => undefined);
    this.#expected = extensions;
    this.#extensions = new Extensions({
      ready: () => this.#checkReady(),
      failed: (error) => this.fail(error),
    });
  }

  /** Starts listening at a free port of loopback, for so many extensions. */
  static async start(extensions: number): Promise<RuntimeApi> {
    const api = new RuntimeApi(extensions);
    // A handler may take its time, and a runtime waits for events without end.
    Object.assign(api.#server, { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 });
    await new Promise<void>((resolve, reject) => {
      api.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return api;
  }

  /** For `AWS_LAMBDA_RUNTIME_API`. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Hands out an invocation; the one before has to be over. */
  invoke(invocation: EnvironmentInvocation): InvocationExchange {
    const exchange = new InvocationExchange(invocation);
    this.#current = { exchange, invocationId: randomUUID(), state: 'waiting' };
    this.#handOut();
    return exchange;
  }

  /** The environment has failed: neither Init nor an invocation under way will complete. */
  fail(error: FunctionErrorPayload): void {
    this.#ready.reject(new FunctionFailure(error));
    this.#current?.exchange.fail(error);
  }

  /** Tells extensions that the environment ends. */
  shutDown(): void {
    this.#extensions.shutDown();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (await this.#extensions.serve(request, response)) return;
      const url = request.url ?? '';
      const call = url.startsWith(API) ? `${request.method} ${url.slice(API.length)}` : '';
      const [, id, end] = INVOCATION.exec(call.replace(/^POST /, '')) ?? [];
      if (call === 'GET invocation/next') this.#next(response);
      else if (id !== undefined) await this.#settle(decodeURIComponent(id), end, request, response);
      else if (call === 'POST init/error') {
        const type = request.headers['lambda-runtime-function-error-type'];
        this.fail(toError(await text(request), typeof type === 'string' ? type : undefined));
        response.writeHead(202).end(ACCEPTED);
      } else refuse(response, 404, 'NotFound');
    } catch {
      // The process on the other side has gone in the middle of its request.
      response.destroy();
    }
  }

  #next(response: ServerResponse): void {
    if (this.#current?.state === 'handed_out')
      return refuse(response, 403, 'InvalidStateTransition');
    this.#polled = true;
    this.#poll = response;
    response.once('close', () => {
      if (this.#poll === response) this.#poll = undefined;
    });
    this.#checkReady();
    this.#handOut();
  }

  #checkReady(): void {
    if (this.#polled && this.#extensions.ready >= this.#expected) this.#ready.resolve();
  }

  #handOut(): void {
    const current = this.#current;
    const poll = this.#poll;
    if (poll === undefined || current?.state !== 'waiting') return;
    current.state = 'handed_out';
    current.exchange.take();
    this.#poll = undefined;
    poll.writeHead(200, eventHeaders(current)).end(current.exchange.invocation.payload);
  }

  async #settle(
    id: string,
    end: string | undefined,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const current = this.#current;
    if (current?.state !== 'handed_out' || current.exchange.invocation.requestId !== id) {
      request.resume();
      return refuse(response, 400, 'InvalidRequestID');
    }
    const echoed = request.headers['lambda-runtime-invocation-id'];
    if (echoed !== undefined && echoed !== current.invocationId) {
      request.resume();
      return refuse(response, 410, 'InvalidInvocationID');
    }
    current.state = 'answered';
    if (end === 'error') {
      const type = request.headers['lambda-runtime-function-error-type'];
      const body = await text(request);
      current.exchange.fail(toError(body, typeof type === 'string' ? type : undefined));
    } else if (!(await current.exchange.respond(request))) {
      return refuse(response, 413, 'RequestEntityTooLarge');
    }
    response.writeHead(202, { 'Content-Type': 'application/json' }).end(ACCEPTED);
  }
}

function eventHeaders({ exchange, invocationId }: Current): Record<string, string> {
  const { invocation } = exchange;
  return {
    'Content-Type': 'application/json',
    'Content-Length': String(invocation.payload.byteLength),
    'Lambda-Runtime-Aws-Request-Id': invocation.requestId,
    'Lambda-Runtime-Invocation-Id': invocationId,
    'Lambda-Runtime-Deadline-Ms': String(invocation.deadline),
    'Lambda-Runtime-Invoked-Function-Arn': invocation.invokedFunctionArn,
    ...(invocation.mode === 'stream'
      ? { 'Lambda-Runtime-Function-Response-Mode': 'streaming' }
      : {}),
    ...(invocation.clientContext === undefined
      ? {}
      : { 'Lambda-Runtime-Client-Context': JSON.stringify(invocation.clientContext) }),
    ...(invocation.tenantId === undefined
      ? {}
      : { 'Lambda-Runtime-Aws-Tenant-Id': invocation.tenantId }),
  };
}

function refuse(response: ServerResponse, status: number, errorType: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ errorType, errorMessage: errorType }));
}
