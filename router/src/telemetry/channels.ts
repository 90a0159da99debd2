import { channel } from 'node:diagnostics_channel';
import type { BadRecordKind } from 'lpr-protocol';
import type { ReleaseReason } from '../batching/release-policy.ts';
import type { ErrorCode } from '../errors.ts';

/** A sealed batch is about to be invoked. */
export interface BatchReleased {
  readonly routerId: string;
  readonly batchId: string;
  /** The path template. */
  readonly route: string;
  readonly functionName: string;
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

/** Everything the router tells the outside; logs, metrics and traces subscribe by these names. */
export const channels = {
  batchReleased: channel('lpr:batch:released'),
  batchSettled: channel('lpr:batch:settled'),
  recordDropped: channel('lpr:record:dropped'),
} as const;
