import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { MAX_BUFFERED_ANSWER_BYTES, WireCode } from 'lpr-protocol';
import type { ResponseRecord } from 'lpr-protocol';
import { collectBody } from './collect-body.ts';
import type { Log } from './log.ts';
import { OuterInvocation } from './outer-invocation.ts';
import { NEXT_PATH, RuntimeApiClient } from './runtime-api-client.ts';
import { RuntimeConnection } from './runtime-connection.ts';
import type { Poll } from './runtime-connection.ts';
import { RuntimeProcess } from './runtime-process.ts';
import type { Settings } from './settings.ts';
import { failureRecord, handlerErrorRecord, toRecord } from './to-record.ts';

/** Where the wrapper asks whether the proxy listens; `?pid=` is the process that becomes the runtime, `&workers=` how many polls it begins with. */
export const READY_PATH = '/lpr/ready';

/** A running proxy. */
export interface RuntimeApiProxy {
  /** `HOST:PORT`. */
  readonly address: string;
  readonly invocation: OuterInvocation;
  /** Answers what is open with 502, then stops. */
  close(reason: string): Promise<void>;
}

const INVOCATION = /^\/2018-06-01\/runtime\/invocation\/([^/?]+)\/(response|error)$/;
const INIT_ERROR = '/2018-06-01/runtime/init/error';
const ACCEPTED = '{"status":"OK"}';
const EXIT_ERROR = 'Runtime.ExitError';

/** Starts the Runtime API that the function's runtime sees. Rejects when its address is taken. */
export async function startProxy(settings: Settings, log: Log): Promise<RuntimeApiProxy> {
  const client = new RuntimeApiClient(settings.upstream);
  const invocation = new OuterInvocation(client, settings.maxConcurrency, log);
  const runtime = new RuntimeProcess(() => {
    invocation.fail({ errorType: EXIT_ERROR, errorMessage: "The runtime's process has ended" });
  });
  const connections = new Map<Socket, RuntimeConnection>();
  const server = createServer((request, response) => {
    const connection = connections.get(request.socket);
    if (connection !== undefined) void serve(request, response, connection);
  });
  // Runtimes are silent for as long as a handler takes, or the sandbox is frozen.
  Object.assign(server, { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 });
  server.on('connection', (socket: Socket) => {
    const connection = new RuntimeConnection();
    connections.set(socket, connection);
    invocation.connected(connection);
    socket.setNoDelay(true);
    socket.once('close', () => {
      connections.delete(socket);
      invocation.disconnected(connection);
      runtime.suspect();
    });
  });

  async function serve(
    request: IncomingMessage,
    response: ServerResponse,
    connection: RuntimeConnection,
  ): Promise<void> {
    const { method, url = '' } = request;
    if (method === 'GET' && url === NEXT_PATH) {
      request.resume();
      invocation.poll(pollOf(response, connection));
      return;
    }
    const [, encodedId, end] = (method === 'POST' && INVOCATION.exec(url)) || [];
    if (encodedId !== undefined) {
      await receive(decode(encodedId), end === 'error', request, response);
    } else if (url.startsWith(READY_PATH)) {
      const { searchParams } = new URL(url, 'http://proxy');
      runtime.announce(Number(searchParams.get('pid')));
      const workers = Number(searchParams.get('workers'));
      invocation.expect(Number.isSafeInteger(workers) && workers > 0 ? workers : 0);
      response.end('ready\n');
    } else {
      await client.forward(request, response);
      if (url === INIT_ERROR) {
        invocation.fail({
          errorType: EXIT_ERROR,
          errorMessage: 'The runtime reported an init error',
        });
      }
    }
  }

  async function receive(
    id: string,
    isError: boolean,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (invocation.isOuter(id)) {
      await invocation.passOn(id, client.forward(request, response));
      return;
    }
    const record = await readRecord(id, isError, request);
    // Accepted in any case: a runtime that meets an error here may end.
    response.writeHead(202, { 'Content-Type': 'application/json' }).end(ACCEPTED);
    invocation.answer(id, record);
  }

  const { host, port } = settings.listen;
  await listen(server, host, port);
  return {
    address: `${host}:${(server.address() as AddressInfo).port}`,
    invocation,
    async close(reason) {
      invocation.fail({ errorType: EXIT_ERROR, errorMessage: reason });
      await invocation.whenIdle();
      server.close();
      server.closeAllConnections();
    },
  };

  function pollOf(response: ServerResponse, connection: RuntimeConnection): Poll {
    const poll: Poll = {
      connection,
      answer(status, rawHeaders, body) {
        response.writeHead(status, withoutFraming(rawHeaders, Buffer.byteLength(body)));
        response.end(body);
      },
      fail: () => void response.destroy(),
    };
    response.once('close', () => {
      if (!response.writableEnded) invocation.withdraw(poll);
    });
    return poll;
  }
}

async function readRecord(
  id: string,
  isError: boolean,
  request: IncomingMessage,
): Promise<ResponseRecord> {
  const body = await collectBody(request, isError ? 0 : MAX_BUFFERED_ANSWER_BYTES);
  const brokeOff = request.trailers['lambda-runtime-function-error-type'] !== undefined;
  if (isError || brokeOff) return handlerErrorRecord(id);
  switch (body.type) {
    case 'whole': {
      const { headers } = request;
      const streamed = headers['lambda-runtime-function-response-mode'] === 'streaming';
      return toRecord(id, { bytes: body.bytes, contentType: headers['content-type'], streamed });
    }
    case 'too_large':
      return bad(id, 'The answer is larger than Lambda takes');
    case 'broken':
      return bad(id, 'The function ended in the middle of its answer');
    default:
      return body satisfies never;
  }
}

function bad(id: string, message: string): ResponseRecord {
  return failureRecord(id, 502, WireCode.BadResponse, message);
}

function decode(encodedId: string): string {
  try {
    return decodeURIComponent(encodedId);
  } catch {
    return encodedId;
  }
}

// The body is sent in one piece, however it came.
function withoutFraming(rawHeaders: readonly string[], length: number): string[] {
  const kept = ['Content-Length', String(length)];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (!/^(connection|keep-alive|content-length|transfer-encoding)$/i.test(name)) {
      kept.push(name, rawHeaders[index + 1] ?? '');
    }
  }
  return kept;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 511 }, resolve);
  });
}
