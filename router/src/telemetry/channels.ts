import type { BadRecordKind } from 'lpr-protocol';
import type { ReleaseReason } from '../batching/release-policy.ts';
import type { ErrorCode, InvokeErrorCode } from '../errors.ts';
import type { FunctionArn } from '../routing/function-arn.ts';
import type { InvokeMode } from '../routing/operation.ts';
import { typedChannel } from './typed-channel.ts';

// Messages carry ids, route templates, counts and times; never a header, path or body of a request.

/** The route of a request that matched none. */
export const UNMATCHED_ROUTE = '*';

/** Where a request was when its client left. */
export type CancelledWhile = 'queued' | 'in_flight';

/** A request is over: its answer was written whole, was broken off, or its client left. Once per request. */
export interface RequestSettled {
  readonly routerId: string;
  readonly requestId: string;
  /** The client's own `x-request-id`, when it is fit to be repeated. */
  readonly clientRequestId: string | undefined;
  /** As the client sent it. */
  readonly method: string;
  /** The path template, or `UNMATCHED_ROUTE`. */
  readonly route: string;
  /** The address the client is taken to have. */
  readonly sourceIp: string;
  /** Of the answer's head; undefined when the client left before it. */
  readonly status: number | undefined;
  /** Undefined, as the four after it, when the request was never invoked. */
  readonly batchId: string | undefined;
  readonly batchSize: number | undefined;
  readonly reason: ReleaseReason | undefined;
  /** From this request's arrival to its invocation, in ms. */
  readonly waitMs: number | undefined;
  /** From the invocation to the end of this request's answer, in ms. */
  readonly upstreamMs: number | undefined;
  /** From the arrival to the end, in ms. */
  readonly totalMs: number;
  /** Bytes of the request's body. */
  readonly bytesIn: number;
  /** Bytes of the answer's body. */
  readonly bytesOut: number;
  /** Why the router answered for the function, or broke its answer off. */
  readonly failure: ErrorCode | undefined;
  readonly cancelled: CancelledWhile | undefined;
}

/** Which bound refused a request with 429: `MaxInflightRequests`, `MaxQueueDepthPerKey`, `MaxPendingInvocations`. */
export const REJECT_REASONS = ['inflight_requests', 'queue_depth', 'pending_invocations'] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

/** A request met a full router. It is settled as well. */
export interface RequestRejected {
  readonly routerId: string;
  readonly requestId: string;
  readonly route: string;
  readonly reason: RejectReason;
}

/** A sealed batch is about to be invoked. */
export interface BatchReleased {
  readonly routerId: string;
  readonly batchId: string;
  /** The path template. */
  readonly route: string;
  readonly functionName: string;
  readonly functionArn: FunctionArn;
  readonly mode: InvokeMode;
  readonly size: number;
  /** Of its items, in their order. */
  readonly requestIds: readonly string[];
  readonly reason: ReleaseReason;
  /** From the first arrival to the invocation, in ms. */
  readonly waitMs: number;
  readonly payload: Uint8Array;
}

/** The invocation of a batch has ended and every waiter is settled. */
export interface BatchSettled {
  readonly routerId: string;
  readonly batchId: string;
  readonly route: string;
  readonly functionName: string;
  readonly size: number;
  readonly reason: ReleaseReason;
  readonly waitMs: number;
  /** The invocation, until its answer was read whole, in ms. */
  readonly durationMs: number;
  /** Set when the invocation failed as a whole. */
  readonly failure: ErrorCode | undefined;
  /** For logs: what went wrong, in the words of the invoker. */
  readonly error: unknown;
}

/** Why a record of an answer was dropped (wire contract §3.2, §3.3). */
export type DroppedRecordKind =
  | BadRecordKind
  | 'unknown_id'
  | 'second_answer'
  | 'after_end'
  | 'second_head'
  | 'mixed_kinds';

/** A record that reached nobody, or that cost its request a 502. */
export interface RecordDropped {
  readonly routerId: string;
  readonly batchId: string;
  readonly route: string;
  readonly kind: DroppedRecordKind;
  readonly requestId: string | undefined;
}

/** An invocation that surely did not run is about to be sent again. */
export interface InvocationRetried {
  readonly routerId: string;
  readonly batchId: string;
  readonly functionArn: FunctionArn;
  /** Which attempt failed, from 1. */
  readonly attempt: number;
  /** Until the next attempt, in ms. */
  readonly delayMs: number;
  readonly code: InvokeErrorCode;
  /** For logs. */
  readonly error: unknown;
}

/** Everything the router tells the outside; logs, metrics and traces subscribe by these names. */
export const channels = {
  requestSettled: typedChannel<RequestSettled>('lpr:request:settled'),
  requestRejected: typedChannel<RequestRejected>('lpr:request:rejected'),
  batchReleased: typedChannel<BatchReleased>('lpr:batch:released'),
  batchSettled: typedChannel<BatchSettled>('lpr:batch:settled'),
  recordDropped: typedChannel<RecordDropped>('lpr:record:dropped'),
  invocationRetried: typedChannel<InvocationRetried>('lpr:invocation:retried'),
} as const;
