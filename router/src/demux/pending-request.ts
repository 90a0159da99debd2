import { advanceSequence, decodeBody } from 'lpr-protocol';
import type { AnswerRecord, HeadRecord, SequenceState } from 'lpr-protocol';
import type { Clock, Timer } from '../batching/clock.ts';
import type { Waiter, WaiterOwner } from '../batching/waiter.ts';
import type { Failure } from '../errors.ts';
import type { DroppedRecordKind } from '../telemetry/channels.ts';
import type { ResponseSink, SealedBatch } from './response-sink.ts';

export interface PendingRequestOptions {
  readonly id: string;
  readonly arrivalMs: number;
  readonly deadlineMs: number;
  /** The item as JSON text. */
  readonly item: string;
  readonly tenantId?: string | undefined;
  readonly sink: ResponseSink;
  readonly clock: Clock;
}

/**
 * A request between its arrival and its answer. The first way out wins; all others find it settled.
 * Its deadline ends at the head of a streamed answer (wire contract §3.9).
 */
export class PendingRequest implements Waiter {
  readonly id: string;
  readonly arrivalMs: number;
  readonly deadlineMs: number;
  readonly item: string;
  readonly itemBytes: number;
  owner: WaiterOwner | undefined;
  /** Of the function behind it, when that isolates tenants. */
  readonly tenantId: string | undefined;
  /** Set when the batch is sealed. */
  batch: SealedBatch | undefined;
  readonly #sink: ResponseSink;
  readonly #deadline: Timer;
  #sequence: SequenceState = 'waiting';
  #begun = false;
  #settled = false;
  #answered = false;

  constructor(options: PendingRequestOptions) {
    this.id = options.id;
    this.arrivalMs = options.arrivalMs;
    this.deadlineMs = options.deadlineMs;
    this.item = options.item;
    this.tenantId = options.tenantId;
    this.itemBytes = Buffer.byteLength(options.item);
    this.#sink = options.sink;
    // Its body may have taken a part of its time already.
    const leftMs = Math.max(0, options.deadlineMs - options.clock.now());
    this.#deadline = options.clock.setTimer(leftMs, () =>
      this.fail({ code: 'LPR_DEADLINE_EXCEEDED' }),
    );
  }

  get settled(): boolean {
    return this.#settled;
  }

  get answered(): boolean {
    return this.#answered;
  }

  /** Takes one record of its answer; says why when the record had to be dropped. */
  accept(record: AnswerRecord): DroppedRecordKind | undefined {
    const { state, violation } = advanceSequence(this.#sequence, record.type);
    if (violation) return violation;
    // The client has gone or was answered with a failure: what still comes is for nobody.
    if (this.#settled) return undefined;
    this.#sequence = state;
    switch (record.type) {
      case 'response': {
        const body = decodeForSending(record.body, record.isBase64Encoded);
        if (body === undefined) return this.refuse('body');
        this.#answered = true;
        this.#settle();
        this.#sink.respond(record, body, this);
        return undefined;
      }
      case 'head':
        this.#begin(record);
        return undefined;
      case 'chunk': {
        const chunk = decodeBody(record.body, record.isBase64Encoded);
        if (chunk === undefined) return this.refuse('body');
        this.#write(chunk);
        return undefined;
      }
      case 'end':
        if (!this.#begun) this.#begin(impliedHead(this.id));
        this.#answered = true;
        this.#settle();
        this.#sink.end();
        return undefined;
      case 'error':
        this.fail({
          code: 'LPR_FUNCTION_ERROR',
          status: record.statusCode,
          message: record.message,
        });
        return undefined;
      default:
        return record satisfies never;
    }
  }

  /** Takes bytes of its answer that never were a record. */
  acceptBytes(chunk: Uint8Array): void {
    if (!this.#settled) this.#write(chunk);
  }

  /** Its record was unusable: 502, or a visible break when the answer has begun. */
  refuse<K extends DroppedRecordKind>(kind: K): K {
    this.fail({ code: 'LPR_BAD_RESPONSE' });
    return kind;
  }

  /** Settles with the router's own answer; once the head is out, by breaking the connection. */
  fail(failure: Failure): void {
    if (this.#settled) return;
    this.#settle();
    if (this.#begun) this.#sink.abort(failure);
    else this.#sink.fail(failure, this);
  }

  /** The client has gone: nobody is to be answered. */
  cancel(): void {
    if (!this.#settled) this.#settle();
  }

  get requestId(): string {
    return this.id;
  }

  #write(chunk: Uint8Array): void {
    if (!this.#begun) this.#begin(impliedHead(this.id));
    if (!this.#sink.write(chunk)) this.#settle();
  }

  #begin(head: HeadRecord): void {
    this.#begun = true;
    this.#deadline.cancel();
    this.#sink.head(head, this);
  }

  #settle(): void {
    this.#settled = true;
    this.#deadline.cancel();
    this.owner?.waiterSettled(this);
  }
}

/** Text needs no decoding: the socket writes it as UTF-8. */
function decodeForSending(body: string, isBase64Encoded: boolean): Uint8Array | string | undefined {
  return isBase64Encoded ? decodeBody(body, true) : body;
}

function impliedHead(id: string): HeadRecord {
  return { type: 'head', id, statusCode: 200, headers: {}, cookies: [] };
}
