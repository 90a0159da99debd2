import type { Logger } from 'pino';
import { channels } from './channels.ts';
import type { BatchSettled, RecordDropped } from './channels.ts';

/** Logs what went wrong with batches and records of one router; returns what stops it. */
export function logBatches(logger: Logger, routerId: string): () => void {
  const onSettled = (message: unknown) => {
    const { error, ...batch } = message as BatchSettled;
    if (batch.routerId !== routerId || batch.failure === undefined) return;
    logger.error({ ...batch, err: error }, 'invocation failed');
  };
  const onDropped = (message: unknown) => {
    const record = message as RecordDropped;
    if (record.routerId === routerId) logger.warn(record, 'record dropped');
  };
  channels.batchSettled.subscribe(onSettled);
  channels.recordDropped.subscribe(onDropped);
  return () => {
    channels.batchSettled.unsubscribe(onSettled);
    channels.recordDropped.unsubscribe(onDropped);
  };
}
