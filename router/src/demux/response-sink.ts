import type { HeadRecord, ResponseRecord } from 'lpr-protocol';
import type { ReleaseReason } from '../batching/release-policy.ts';
import type { Failure } from '../errors.ts';

/** The batch that carried a request, once its members are fixed. */
export interface SealedBatch {
  readonly batchId: string;
  /** Items in the invocation. */
  readonly size: number;
  readonly reason: ReleaseReason;
  /** From the first arrival to the invocation, in ms. */
  readonly waitMs: number;
  /** Epoch ms. */
  readonly sealedAtMs: number;
}

/** Where an answer comes from, as far as it shows it. */
export interface AnswerOrigin {
  readonly requestId: string;
  /** Epoch ms. */
  readonly arrivalMs: number;
  /** Undefined when the request was never invoked. */
  readonly batch: SealedBatch | undefined;
}

/**
 * The client's side of one request. Calls come in the order `respond | fail | head (write)* (end |
 * abort)`; a head with illegal headers is refused by returning false, before anything was written.
 */
export interface ResponseSink {
  /** A whole answer. `body` is decoded already. */
  respond(record: ResponseRecord, body: Uint8Array | string, origin: AnswerOrigin): void;
  /** The router's own answer. */
  fail(failure: Failure, origin: AnswerOrigin): void;
  /** The beginning of a streamed answer. */
  head(record: HeadRecord, origin: AnswerOrigin): void;
  /** Bytes of a streamed answer, sent at once; false when this client is too slow and was cut off. */
  write(chunk: Uint8Array): boolean;
  /** The regular end of a streamed answer. */
  end(): void;
  /** Ends a begun answer so that the client sees that it is not complete. */
  abort(failure: Failure): void;
}
