import type { Logger } from 'pino';
import { channels } from './channels.ts';
import { subscribeRouter } from './typed-channel.ts';

/** Logs what went wrong with batches and records of one router; returns what stops it. */
export function logBatches(logger: Logger, routerId: string): () => void {
  const subscriptions = [
    subscribeRouter(channels.batchSettled, routerId, ({ error, ...batch }) => {
      if (batch.failure !== undefined) logger.error({ ...batch, err: error }, 'invocation failed');
    }),
    subscribeRouter(channels.recordDropped, routerId, (record) => {
      logger.warn(record, 'record dropped');
    }),
  ];
  return () => {
    for (const unsubscribe of subscriptions) unsubscribe();
  };
}
