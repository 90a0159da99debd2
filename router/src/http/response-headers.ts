import { HOP_BY_HOP_HEADERS } from 'lpr-protocol';
import type { HeadRecord, ResponseRecord } from 'lpr-protocol';
import type { Clock } from '../batching/clock.ts';
import type { AnswerOrigin } from '../demux/response-sink.ts';
import { serverTiming } from './server-timing.ts';

/** What the router adds to answers. */
export interface OwnHeaders {
  readonly clock: Clock;
  /** `x-lpr-batch-size` on every answer that came of an invocation. */
  readonly includeBatchSize: boolean;
  /** `Server-Timing` on the same. */
  readonly serverTiming: boolean;
  /** Asked when the head is written: whether this connection is to be closed afterwards. */
  readonly closing: () => boolean;
}

/** Names and values in turn, as `writeHead` takes them. */
export type RawHeaders = string[];

/** Headers that only the server may set; a function's are dropped. */
const isServerHeader = (name: string) => name === 'content-length' || HOP_BY_HOP_HEADERS.has(name);

/** The headers of a function's answer: its own, its cookies one by one, and the router's. */
export function answerHeaders(
  record: ResponseRecord | HeadRecord,
  origin: AnswerOrigin,
  clientRequestId: string | undefined,
  own: OwnHeaders,
): RawHeaders {
  const headers: RawHeaders = [];
  let hasRequestId = false;
  for (const name in record.headers) {
    const lowerCase = name.toLowerCase();
    if (isServerHeader(lowerCase)) continue;
    if (lowerCase === 'x-lpr-batch-size' && own.includeBatchSize) continue;
    hasRequestId ||= lowerCase === 'x-request-id';
    headers.push(lowerCase, record.headers[name]!);
  }
  for (const cookie of record.cookies) headers.push('set-cookie', cookie);
  // A function's own `x-request-id` wins.
  if (!hasRequestId) headers.push('x-request-id', clientRequestId ?? origin.requestId);
  addOwnHeaders(headers, origin, own);
  return headers;
}

/** What every answer carries, the router's own included. */
export function addOwnHeaders(
  headers: RawHeaders,
  { batch, arrivalMs }: AnswerOrigin,
  own: OwnHeaders,
): void {
  if (batch && own.includeBatchSize) headers.push('x-lpr-batch-size', String(batch.size));
  if (batch && own.serverTiming) {
    const { reason, size: batchSize, sealedAtMs } = batch;
    const waitMs = sealedAtMs - arrivalMs;
    const functionMs = own.clock.now() - sealedAtMs;
    headers.push('server-timing', serverTiming({ waitMs, functionMs, reason, batchSize }));
  }
  if (own.closing()) headers.push('connection', 'close');
}
