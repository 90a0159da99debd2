import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { HeadRecord, ResponseRecord } from 'lpr-protocol';
import type { AnswerOrigin, ResponseSink } from '../demux/response-sink.ts';
import type { ErrorCode, Failure } from '../errors.ts';
import { errorResponse } from './error-response.ts';
import { afterUpload } from './read-body.ts';
import { addOwnHeaders, answerHeaders } from './response-headers.ts';
import type { OwnHeaders } from './response-headers.ts';

export interface ClientBounds {
  /** Bytes of a streamed answer that may wait for this client; past it the client is cut off. */
  readonly clientBufferBytes: number;
  /** How long a finished or broken answer may wait for its client to read the rest, in ms. */
  readonly streamIdleTimeoutMs: number;
}

/** Sees the answer of one request as it is sent. */
export interface AnswerObserver {
  /** `headers` are names and values in turn, without those that Node adds. */
  head(status: number, headers: readonly string[]): void;
  body(chunk: Uint8Array | string): void;
}

/** Writes the answer of one request to its socket (wire contract §3). */
export class ResponseWriter implements ResponseSink {
  readonly #response: ServerResponse;
  /** The client's own `x-request-id`, when it is fit to be sent back. */
  readonly #clientRequestId: string | undefined;
  readonly #own: OwnHeaders;
  readonly #bounds: ClientBounds;
  readonly #observer: AnswerObserver | undefined;
  #bytesOut = 0;
  #failure: ErrorCode | undefined;

  constructor(
    response: ServerResponse,
    clientRequestId: string | undefined,
    own: OwnHeaders,
    bounds: ClientBounds,
    observer?: AnswerObserver,
  ) {
    this.#response = response;
    this.#clientRequestId = clientRequestId;
    this.#own = own;
    this.#bounds = bounds;
    this.#observer = observer;
  }

  /** Bytes of the body that were handed to the socket. */
  get bytesOut(): number {
    return this.#bytesOut;
  }
  /** Why the router answered for the function, or broke its answer off. */
  get failure(): ErrorCode | undefined {
    return this.#failure;
  }

  respond(record: ResponseRecord, body: Uint8Array | string, origin: AnswerOrigin): void {
    const headers = answerHeaders(record, origin, this.#clientRequestId, this.#own);
    try {
      this.#writeWhole(record.statusCode, headers, body, record.headers['content-length']);
    } catch {
      // What Node refuses to send is this request's failure, and nobody else's.
      this.fail({ code: 'LPR_BAD_RESPONSE' }, origin);
    }
  }

  fail(failure: Failure, origin: AnswerOrigin, extraHeaders: readonly string[] = []): void {
    this.#failure = failure.code;
    const { status, headers, body } = errorResponse(failure, origin.requestId);
    headers.push('x-request-id', this.#clientRequestId ?? origin.requestId, ...extraHeaders);
    addOwnHeaders(headers, origin, this.#own);
    this.#writeWhole(status, headers, body);
  }

  head(record: HeadRecord, origin: AnswerOrigin): void {
    if (this.#gone()) return;
    const headers = answerHeaders(record, origin, this.#clientRequestId, this.#own);
    try {
      this.#response.writeHead(record.statusCode, headers);
    } catch {
      this.fail({ code: 'LPR_BAD_RESPONSE' }, origin);
      return;
    }
    this.#observer?.head(record.statusCode, headers);
    this.#response.flushHeaders();
  }

  write(chunk: Uint8Array): boolean {
    if (this.#gone()) return false;
    const response = this.#response;
    if (chunk.length > 0) {
      this.#observer?.body(chunk);
      response.write(chunk);
    }
    this.#bytesOut += chunk.length;
    if (response.writableLength <= this.#bounds.clientBufferBytes) return true;
    this.#failure = 'LPR_CLIENT_TOO_SLOW';
    this.#reset();
    return false;
  }

  end(): void {
    if (this.#gone()) return;
    this.#response.end();
    this.#limitFlush();
  }

  abort(failure: Failure): void {
    this.#failure = failure.code;
    const { socket, chunkedEncoding } = this.#response;
    if (!socket && chunkedEncoding) return this.#atItsTurn(() => this.abort(failure));
    // Without chunked framing (HTTP/1.0) an early end would look complete.
    if (!(socket instanceof Socket) || !chunkedEncoding) return this.#reset();
    // `destroy()` right after a write loses that write.
    socket.destroySoon();
    this.#limitFlush();
  }

  /** A client that reads no more must not hold the connection for ever. */
  #limitFlush(): void {
    const response = this.#response;
    const { socket } = response;
    if (!socket) return this.#atItsTurn(() => this.#limitFlush());
    if (!(socket instanceof Socket) || socket.writableLength === 0) return;
    const stalled = () => this.#reset();
    socket.setTimeout(this.#bounds.streamIdleTimeoutMs);
    // Node's own listener closes in order, which a client of HTTP/1.0 takes for the end.
    socket.prependOnceListener('timeout', stalled);
    // Before Node's own listener, which sets the timeout of an idle connection.
    response.prependOnceListener('finish', () => socket.setTimeout(0).off('timeout', stalled));
  }

  #reset(): void {
    const response = this.#response;
    const { socket } = response;
    // Pipelined: it never begins, and the answers before it are whole. Destroyed, it would be closed
    // without its connection, and Node would wait for its end for ever.
    if (!socket) response.once('socket', (own: Socket) => own.destroySoon());
    else if (!(socket instanceof Socket)) response.destroy();
    // Node cannot reset what is being shut down, and would then never tell of the end.
    else if (socket.writableEnded && socket.writableLength === 0) socket.destroy();
    else socket.resetAndDestroy();
  }

  /** Calls back when the answers before this one are out, and what waits of it is with the socket. */
  #atItsTurn(act: () => void): void {
    this.#response.once('socket', () => process.nextTick(act));
  }

  #gone(): boolean {
    return this.#response.destroyed || this.#response.writableEnded;
  }

  #endAfterUpload(body: Uint8Array | string): void {
    this.#response.write(body);
    afterUpload(this.#response.req, this.#own.clock, () => this.end());
  }

  #writeWhole(
    status: number,
    headers: string[],
    body: Uint8Array | string,
    announcedLength?: string,
  ): void {
    if (this.#gone()) return;
    const response = this.#response;
    const bodiless = status === 204 || status === 304;
    const isHead = response.req.method === 'HEAD';
    const bytes = Buffer.byteLength(body);
    // For HEAD, what a GET would have had: the function says so by a body or by the header.
    const length = isHead && bytes === 0 ? wholeNumber(announcedLength) : String(bytes);
    if (!bodiless && length !== undefined) headers.push('content-length', length);
    response.writeHead(status, headers);
    this.#observer?.head(status, headers);
    if (bodiless || isHead) response.end();
    else {
      this.#bytesOut = bytes;
      this.#observer?.body(body);
      // A refusal may be quicker than the body of its request.
      if (!response.req.complete) return this.#endAfterUpload(body);
      response.end(body);
      this.#limitFlush();
    }
  }
}

function wholeNumber(text: string | undefined): string | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? text : undefined;
}
