import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';
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

/** The parser goes on complaining of whatever else comes over a connection. */
const refused = new WeakSet<Duplex>();

/**
 * Answers what cannot be parsed with an error body like any other, and closes the connection.
 * Requests that came whole before it over the same connection get their answers first.
 */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Duplex): void {
  // A client that has gone needs no answer.
  if (error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  if (refused.has(socket)) return;
  refused.add(socket);
  // Of a CONNECT nobody else listens, and its client's reset would end the process.
  socket.on('error', () => socket.destroy());
  afterAnswers(socket, () =>
    answer(socket, PARSER_REFUSALS[error.code ?? ''] ?? 'LPR_BAD_REQUEST'),
  );
}

/** The answer that Node has at work on a connection; others may wait behind it. */
function answerOf(socket: Duplex): ServerResponse | undefined {
  return (socket as { _httpMessage?: ServerResponse | null })._httpMessage ?? undefined;
}

function afterAnswers(socket: Duplex, done: () => void): void {
  const earlier = answerOf(socket);
  // That of the refused request itself, when the mistake is in its body.
  if (!earlier?.req.complete) return done();
  if (socket.closed) {
    earlier.emit('close');
    return done();
  }
  socket.pause();
  // Behind a CONNECT Node no longer tells an answer that its connection has gone.
  const gone = () => earlier.emit('close');
  socket.once('close', gone);
  earlier.once('close', () => {
    socket.off('close', gone);
    afterAnswers(socket, done);
  });
}

function answer(socket: Duplex, code: ErrorCode): void {
  if (!socket.writable || answerOf(socket)?.headersSent) {
    if (socket instanceof Socket) socket.destroySoon();
    else socket.destroy();
    return;
  }
  const requestId = `r-${randomUUID()}`;
  const { status, headers, body } = errorResponse({ code }, requestId);
  headers.push('x-request-id', requestId, 'content-length', String(Buffer.byteLength(body)));
  headers.push('connection', 'close');
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
  for (let index = 0; index < headers.length; index += 2) {
    head += `${headers[index]}: ${headers[index + 1]}\r\n`;
  }
  socket.end(`${head}\r\n${body}`);
  // A client that still sends would be reset by a close, and lose the answer; one that keeps its
  // side open must not keep the connection.
  socket.resume();
  const linger = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(linger));
}
