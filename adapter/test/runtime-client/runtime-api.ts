import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the runtime client answered to one invocation. */
export interface RuntimeAnswer {
  readonly kind: 'response' | 'error';
  readonly contentType: string | undefined;
  readonly body: string;
  /** What it says about an error in the middle of a stream. */
  readonly errorType: string | undefined;
}

export interface InvokeOptions {
  readonly traceId?: string;
  readonly deadlineMs?: number;
}

/** A Lambda Runtime API for one function: it hands out events and takes answers. */
export interface RuntimeApi extends AsyncDisposable {
  /** The value of `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string;
  /** Rejects when the client reports that the function cannot be loaded. */
  readonly failed: Promise<never>;
  invoke(event: unknown, options?: InvokeOptions): Promise<RuntimeAnswer>;
}

interface Invocation {
  readonly id: string;
  readonly payload: string;
  readonly options: InvokeOptions;
  readonly answer: PromiseWithResolvers<RuntimeAnswer>;
}

const PREFIX = '/2018-06-01/runtime';
const TIMEOUT_MS = 30_000;

/** Starts a Runtime API on a free port. */
export async function startRuntimeApi(): Promise<RuntimeApi> {
  const queue: Invocation[] = [];
  const polls: ServerResponse[] = [];
  const running = new Map<string, Invocation>();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined);

  const match = () => {
    while (queue.length > 0 && polls.length > 0) {
      const { id, payload, options } = handOut(queue.shift()!);
      polls
        .shift()!
        .writeHead(200, {
          'content-type': 'application/json',
          'lambda-runtime-aws-request-id': id,
          'lambda-runtime-deadline-ms': String(options.deadlineMs ?? Date.now() + TIMEOUT_MS),
          'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-west-1:123456789012:function:x',
          ...(options.traceId === undefined ? {} : { 'lambda-runtime-trace-id': options.traceId }),
        })
        .end(payload);
    }
  };
  const handOut = (invocation: Invocation) => {
    running.set(invocation.id, invocation);
    return invocation;
  };

  const server = createServer((request, response) => {
    void serve(request, response);
  });
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.slice(PREFIX.length) ?? '';
    if (path === '/invocation/next') {
      polls.push(response);
      response.on('close', () => {
        const index = polls.indexOf(response);
        if (index >= 0) polls.splice(index, 1);
      });
      return match();
    }
    const body = await text(request);
    const [, , id = '', kind = ''] = path.split('/');
    if (path === '/init/error') {
      failed.reject(new Error(body));
    } else {
      const errorType = request.trailers['lambda-runtime-function-error-type'];
      running.get(id)?.answer.resolve({
        kind: kind as RuntimeAnswer['kind'],
        contentType: request.headers['content-type'],
        body,
        errorType,
      });
      running.delete(id);
    }
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    failed: failed.promise,
    invoke(event, options = {}) {
      const answer = Promise.withResolvers<RuntimeAnswer>();
      queue.push({ id: randomUUID(), payload: JSON.stringify(event), options, answer });
      match();
      return Promise.race([answer.promise, failed.promise]);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks).toString();
}
