import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PendingRequest } from '../demux/pending-request.ts';
import { channels, UNMATCHED_ROUTE } from '../telemetry/channels.ts';
import type { ResponseWriter } from './write-response.ts';

export interface ExchangeOptions {
  readonly routerId: string;
  readonly requestId: string;
  readonly clientRequestId: string | undefined;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly writer: ResponseWriter;
  readonly sourceIp: string;
  /** Epoch ms. */
  readonly arrivalMs: number;
}

/** A request and its answer, from the first byte to the last; what is told of it when it is over. */
export class Exchange {
  /** The path template, once it is known. */
  route = UNMATCHED_ROUTE;
  bytesIn = 0;
  slot = -1;
  pending: PendingRequest | undefined;
  readonly #options: ExchangeOptions;

  get sourceIp(): string {
    return this.#options.sourceIp;
  }

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** Settles the request with the router's own answer, if it still waits. */
  abandon(): void {
    this.pending?.fail({ code: 'LPR_DRAINING', retryAfterSeconds: 1 });
  }

  /** The answer was written whole, or the connection is gone. */
  close(nowMs: number): void {
    this.pending?.cancel();
    if (!channels.requestSettled.hasSubscribers) return;
    const { routerId, requestId, clientRequestId, request, response, writer } = this.#options;
    const { sourceIp, arrivalMs } = this.#options;
    const batch = this.pending?.batch;
    const left = !response.writableFinished && writer.failure === undefined;
    channels.requestSettled.publish({
      routerId,
      requestId,
      clientRequestId,
      method: request.method ?? 'GET',
      route: this.route,
      sourceIp,
      status: response.headersSent ? response.statusCode : undefined,
      batchId: batch?.batchId,
      batchSize: batch?.size,
      reason: batch?.reason,
      waitMs: batch && batch.sealedAtMs - arrivalMs,
      upstreamMs: batch && nowMs - batch.sealedAtMs,
      totalMs: nowMs - arrivalMs,
      bytesIn: this.bytesIn,
      bytesOut: writer.bytesOut,
      failure: writer.failure,
      cancelled: left ? (batch ? 'in_flight' : 'queued') : undefined,
    });
  }
}
