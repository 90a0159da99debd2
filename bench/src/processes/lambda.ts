import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventStreamCodec } from '@smithy/core/event-streams';
import type { BatchEvent } from 'lpr-protocol';
import { tally } from '../tally.ts';
import { answerTo } from '../workload.ts';

// A Lambda endpoint whose functions take no time. It checks no signatures, and the collector of
// traces lives here too: neither is to load the process that is measured.

const server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => serve(request, response, Buffer.concat(pieces)));
});
server.keepAliveTimeout = 0;

function serve(request: IncomingMessage, response: ServerResponse, payload: Buffer): void {
  if (request.url?.startsWith('/v1/')) return void response.end('{}');
  const { batch } = JSON.parse(payload.toString()) as BatchEvent;
  tally.invocations += 1;
  tally.items += batch.length;
  const answers = batch.map(({ requestContext, pathParameters }) => ({
    v: 1,
    id: requestContext.requestId,
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: answerTo(pathParameters?.['id'] ?? ''),
    isBase64Encoded: false,
  }));
  if (!request.url?.endsWith('/response-streaming-invocations')) {
    response.setHeader('content-type', 'application/json');
    return void response.end(JSON.stringify({ v: 1, responses: answers }));
  }
  response.setHeader('content-type', 'application/vnd.amazon.eventstream');
  for (const answer of answers) {
    response.write(frame('PayloadChunk', `${JSON.stringify(answer)}\n`));
  }
  response.end(COMPLETE);
}

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString()),
  (text) => Buffer.from(text),
);

function frame(type: string, body: string): Uint8Array {
  return codec.encode({
    headers: {
      ':message-type': { type: 'string', value: 'event' },
      ':event-type': { type: 'string', value: type },
      ':content-type': { type: 'string', value: 'application/octet-stream' },
    },
    body: Buffer.from(body),
  });
}

const COMPLETE = frame('InvokeComplete', '{}');

server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ type: 'listening', url: `http://127.0.0.1:${port}` });
});
process.once('SIGINT', () => process.exit());
