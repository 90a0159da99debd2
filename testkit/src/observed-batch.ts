import { itemId } from 'lpr-protocol';
import type { BatchEvent, HttpEvent } from 'lpr-protocol';
import type { BatchReleased, InvokeMode, ReleaseReason } from 'lpr-router';

/** A batch that a router has released. */
export interface ObservedBatch {
  readonly batchId: string;
  /** The path template. */
  readonly route: string;
  readonly functionName: string;
  readonly mode: InvokeMode;
  readonly reason: ReleaseReason;
  /** From the first arrival to the invocation, in ms. */
  readonly waitMs: number;
  /** In arrival order. */
  readonly items: readonly HttpEvent[];
  /** What the function got: a batch event, or the item itself on a route of format `single`. */
  readonly event: BatchEvent | HttpEvent;
}

/** Reads what a router told about a batch. */
export function toObservedBatch(message: BatchReleased): ObservedBatch {
  const { batchId, route, functionName, mode, reason, waitMs, payload } = message;
  const event = JSON.parse(Buffer.from(payload).toString()) as BatchEvent | HttpEvent;
  const items = 'batch' in event ? event.batch : [event];
  return { batchId, route, functionName, mode, reason, waitMs, items, event };
}

/** What an item may be called in an assertion: its path with its query, the method before it, its id. */
export function namesOf(item: HttpEvent): string[] {
  const query = item.rawQueryString ? `?${item.rawQueryString}` : '';
  const path = `${item.rawPath}${query}`;
  return [path, `${item.requestContext.http.method} ${path}`, itemId(item) ?? ''];
}
