import type { RecordResult } from 'lpr-protocol';
import type { Batch } from '../batching/batch.ts';
import type { DroppedRecordKind } from '../telemetry/channels.ts';
import type { PendingRequest } from './pending-request.ts';

/** Told of each record that reached nobody or cost its request a 502. */
export type OnDropped = (kind: DroppedRecordKind, requestId: string | undefined) => void;

/** Hands one record to the request it is for; a bad one harms only the request that it names. */
export function deliver(
  batch: Batch<PendingRequest>,
  result: RecordResult,
  onDropped: OnDropped,
): void {
  const id = result.ok ? result.record.id : result.id;
  const waiter = id === undefined ? undefined : batch.waiters.get(id);
  if (result.ok) {
    const dropped = waiter ? waiter.accept(result.record) : 'unknown_id';
    if (dropped) onDropped(dropped, id);
  } else {
    waiter?.refuse(result.kind);
    onDropped(result.kind, id);
  }
}
