import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EVENT_STREAM_CONTENT_TYPE, invokeComplete, payloadChunk } from '../event-stream.ts';
import type { FunctionScript, ReceivedInvocation } from './function-script.ts';

/** A Lambda API on a real socket, with one function behind every name. */
export interface LambdaEndpoint extends AsyncDisposable {
  readonly url: string;
  /** What was invoked, in order. */
  readonly received: readonly ReceivedInvocation[];
  /** Resolves when a caller has left before its answer was whole. */
  readonly callerLeft: Promise<void>;
}

const PATH =
  /^\/(?:2015-03-31\/functions\/([^/]+)\/invocations|2021-11-15\/functions\/([^/]+)\/response-streaming-invocations)$/;

/** Plays `script` to whoever invokes; a `connection_refused` one gives the address of a closed port. */
export async function startLambdaEndpoint(script: FunctionScript): Promise<LambdaEndpoint> {
  const received: ReceivedInvocation[] = [];
  const left = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    response.once('close', () => {
      if (!response.writableFinished) left.resolve();
    });
    void serve(request, response, script, received);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  if (script.type === 'connection_refused') await close();
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    callerLeft: left.promise,
    [Symbol.asyncDispose]: close,
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  script: FunctionScript,
  received: ReceivedInvocation[],
): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const [, buffered, streamed] = PATH.exec(request.url ?? '') ?? [];
  const payload = Buffer.concat(pieces);
  const tenantId = request.headers['x-amz-tenant-id'];
  received.push({
    functionName: decodeURIComponent(buffered ?? streamed ?? ''),
    mode: buffered === undefined ? 'stream' : 'buffered',
    payload,
    tenantId: typeof tenantId === 'string' ? tenantId : undefined,
  });
  await (buffered === undefined
    ? answerStream(response, script, payload)
    : answerBuffered(response, script, payload));
}

async function answerBuffered(response: ServerResponse, script: FunctionScript, payload: Buffer) {
  response.setHeader('content-type', 'application/json');
  switch (script.type) {
    case 'buffered':
      return response.end(script.bytes);
    case 'echo':
      return response.end(payload);
    case 'stream':
      return response.end(Buffer.concat(script.chunks));
    case 'function_error':
    case 'stream_error':
      return response.setHeader('x-amz-function-error', script.kind).end(script.payload);
    case 'refused_by_service':
      return refuse(response, script);
    case 'cut':
    case 'unfinished':
      return response.destroy();
    case 'stalled':
    case 'connection_refused':
      return response;
    default:
      return script satisfies never;
  }
}

async function answerStream(response: ServerResponse, script: FunctionScript, payload: Buffer) {
  if (script.type === 'refused_by_service') return refuse(response, script);
  response.setHeader('content-type', EVENT_STREAM_CONTENT_TYPE);
  response.flushHeaders();
  const writeBytes = script.type === 'stream' ? script.writeBytes : undefined;
  for (const [index, chunk] of chunksOf(script, payload).entries()) {
    if (script.type === 'stream') await script.before?.(index);
    await write(response, payloadChunk(chunk), writeBytes);
  }
  switch (script.type) {
    case 'cut':
      // `destroy` right after a write would lose it.
      return response.socket?.destroySoon();
    case 'stalled':
    case 'connection_refused':
      return;
    case 'function_error':
    case 'stream_error': {
      const { kind: ErrorCode, payload: ErrorDetails } = script;
      await write(response, invokeComplete({ ErrorCode, ErrorDetails }), undefined);
      break;
    }
    case 'unfinished':
      break;
    case 'buffered':
    case 'echo':
    case 'stream':
      await write(response, invokeComplete({}), writeBytes);
      break;
    default:
      script satisfies never;
  }
  response.end();
}

function chunksOf(script: FunctionScript, payload: Buffer): readonly Uint8Array[] {
  if ('chunks' in script) return script.chunks;
  if (script.type === 'buffered') return [script.bytes];
  return script.type === 'echo' ? [payload] : [];
}

/** In writes of `size` bytes, each in a packet of its own. */
async function write(response: ServerResponse, bytes: Uint8Array, size = bytes.byteLength) {
  response.socket?.setNoDelay(true);
  for (let at = 0; at < bytes.byteLength; at += size) {
    await new Promise((resolve) => response.write(bytes.subarray(at, at + size), resolve));
  }
}

function refuse(
  response: ServerResponse,
  script: Extract<FunctionScript, { type: 'refused_by_service' }>,
) {
  response.statusCode = script.status;
  response.setHeader('content-type', 'application/json');
  response.setHeader('x-amzn-errortype', script.exception);
  if (script.retryAfter !== undefined) response.setHeader('retry-after', script.retryAfter);
  return response.end(JSON.stringify({ Type: 'User', Message: 'Refused by the script.' }));
}
