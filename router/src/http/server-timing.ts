import type { ReleaseReason } from '../batching/release-policy.ts';

/** What an answer may tell a browser about its way through a batch. */
export interface RequestTimes {
  /** From the arrival of the request to its invocation, in ms. */
  readonly waitMs: number;
  /** From the invocation to this answer, in ms. */
  readonly functionMs: number;
  /** Items in the invocation, >= 1. */
  readonly batchSize: number;
  readonly reason: ReleaseReason;
}

/**
 * The value of a `Server-Timing` header (W3C Server Timing §2): what batching cost this request, and
 * what the function took, e.g. `lpr-wait;dur=12;desc="full", lpr-fn;dur=34.5;desc="batch of 4"`.
 */
export function serverTiming(times: RequestTimes): string {
  const { waitMs, functionMs, batchSize, reason } = times;
  return (
    `lpr-wait;dur=${duration(waitMs)};desc="${reason}", ` +
    `lpr-fn;dur=${duration(functionMs)};desc="batch of ${batchSize}"`
  );
}

/** In ms, to the tenth; a clock that was set back gives no negative one. */
function duration(ms: number): number {
  return Math.max(0, Math.round(ms * 10) / 10);
}
