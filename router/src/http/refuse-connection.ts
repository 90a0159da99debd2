import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ErrorCode } from '../errors.ts';
import { errorResponse } from './error-response.ts';

/** What Node's parser refuses before there is a request, and what it is told. */
const PARSER_REFUSALS: Record<string, ErrorCode> = {
  HPE_HEADER_OVERFLOW: 'LPR_HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'LPR_REQUEST_TIMEOUT',
};

/** How long the client may take to read the answer and close, in ms. */
const LINGER_MS = 1000;

/** Answers what cannot be parsed with an error body like any other, and closes the connection. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Duplex): void {
  // A client that has gone needs no answer.
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = PARSER_REFUSALS[error.code ?? ''] ?? 'LPR_BAD_REQUEST';
  const requestId = `r-${randomUUID()}`;
  const { status, headers, body } = errorResponse({ code }, requestId);
  headers.push('x-request-id', requestId, 'content-length', String(Buffer.byteLength(body)));
  headers.push('connection', 'close');
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
  for (let index = 0; index < headers.length; index += 2) {
    head += `${headers[index]}: ${headers[index + 1]}\r\n`;
  }
  // Of a CONNECT nobody else listens, and its client's reset would end the process.
  socket.once('error', () => socket.destroy());
  socket.end(`${head}\r\n${body}`);
  // A client that keeps its side open must not keep the connection.
  if (socket instanceof Socket) socket.setTimeout(LINGER_MS, () => socket.destroy());
}
