import type { ServerResponse } from 'node:http';
import { HOP_BY_HOP_HEADERS } from 'lpr-protocol';
import type { HeadRecord, ResponseRecord } from 'lpr-protocol';
import type { AnswerOrigin, ResponseSink } from '../demux/response-sink.ts';
import type { Failure } from '../errors.ts';
import { errorResponse } from './error-response.ts';

export interface ResponseWriterOptions {
  readonly response: ServerResponse;
  /** The client's own `x-request-id`, when it is fit to be sent back. */
  readonly clientRequestId: string | undefined;
  readonly includeBatchSize: boolean;
  /** Bytes of a streamed answer that may wait for this client; past it the client is cut off. */
  readonly clientBufferBytes: number;
  /** Asked when the head is written: whether this connection is to be closed afterwards. */
  readonly closing: () => boolean;
}

/** Headers that only the server may set; a function's are dropped. */
const isServerHeader = (name: string) => name === 'content-length' || HOP_BY_HOP_HEADERS.has(name);

/** Writes the answer of one request to its socket (wire contract §3). */
export class ResponseWriter implements ResponseSink {
  readonly #options: ResponseWriterOptions;

  constructor(options: ResponseWriterOptions) {
    this.#options = options;
  }

  respond(record: ResponseRecord, body: Uint8Array | string, origin: AnswerOrigin): void {
    const headers = this.#headers(record, origin);
    this.#writeWhole(record.statusCode, headers, body, record.headers['content-length']);
  }

  fail(failure: Failure, origin: AnswerOrigin, extraHeaders: readonly string[] = []): void {
    const { status, headers, body } = errorResponse(failure, origin.requestId);
    headers.push(...extraHeaders);
    this.#addOwnHeaders(headers, origin, false);
    this.#writeWhole(status, headers, body, undefined);
  }

  head(record: HeadRecord, origin: AnswerOrigin): void {
    const { response } = this.#options;
    if (gone(response)) return;
    response.writeHead(record.statusCode, this.#headers(record, origin));
    response.flushHeaders();
  }

  write(chunk: Uint8Array): boolean {
    const { response, clientBufferBytes } = this.#options;
    if (gone(response)) return false;
    if (chunk.length > 0) response.write(chunk);
    if (response.writableLength <= clientBufferBytes) return true;
    this.#reset();
    return false;
  }

  end(): void {
    if (!gone(this.#options.response)) this.#options.response.end();
  }

  abort(): void {
    const { response } = this.#options;
    const { socket } = response;
    // Without chunked framing (HTTP/1.0) an early end would look complete.
    if (!socket?.destroySoon || !response.chunkedEncoding) return this.#reset();
    // `destroy()` right after a write loses that write.
    socket.destroySoon();
  }

  #reset(): void {
    const { response } = this.#options;
    if (response.socket?.resetAndDestroy) response.socket.resetAndDestroy();
    else response.destroy();
  }

  #writeWhole(
    status: number,
    headers: string[],
    body: Uint8Array | string,
    announcedLength: string | undefined,
  ): void {
    const { response } = this.#options;
    if (gone(response)) return;
    const bodiless = response.req.method === 'HEAD' || status === 204 || status === 304;
    const length = Buffer.byteLength(body);
    if (!bodiless) headers.push('content-length', String(length));
    else if (response.req.method === 'HEAD' && status !== 204 && status !== 304) {
      // What a GET would have had: the function says so either by a body or by the header.
      headers.push('content-length', length > 0 ? String(length) : wholeNumber(announcedLength));
    }
    response.writeHead(status, headers);
    response.end(bodiless ? undefined : body);
  }

  #headers(record: ResponseRecord | HeadRecord, origin: AnswerOrigin): string[] {
    const headers: string[] = [];
    let ownRequestId = false;
    for (const name in record.headers) {
      const lowerCase = name.toLowerCase();
      if (isServerHeader(lowerCase)) continue;
      if (lowerCase === 'x-lpr-batch-size' && this.#options.includeBatchSize) continue;
      ownRequestId ||= lowerCase === 'x-request-id';
      headers.push(lowerCase, record.headers[name]!);
    }
    for (const cookie of record.cookies) headers.push('set-cookie', cookie);
    this.#addOwnHeaders(headers, origin, ownRequestId);
    return headers;
  }

  #addOwnHeaders(headers: string[], origin: AnswerOrigin, hasRequestId: boolean): void {
    const { clientRequestId, includeBatchSize, closing } = this.#options;
    if (!hasRequestId) headers.push('x-request-id', clientRequestId ?? origin.requestId);
    if (includeBatchSize && origin.batchSize !== undefined) {
      headers.push('x-lpr-batch-size', String(origin.batchSize));
    }
    if (closing()) headers.push('connection', 'close');
  }
}

function gone(response: ServerResponse): boolean {
  return response.destroyed || response.writableEnded;
}

function wholeNumber(text: string | undefined): string {
  return text !== undefined && /^\d{1,15}$/.test(text) ? text : '0';
}
