import type { Logger } from 'pino';
import { channels } from './channels.ts';
import type { RequestSettled } from './channels.ts';
import { subscribeRouter } from './typed-channel.ts';

/**
 * Logs one line of level `info` for each request of a router; returns what stops it. A line carries
 * ids, the route template, counts and times, and no value of a header or body.
 */
export function logRequests(logger: Logger, routerId: string): () => void {
  // Nobody listens when nobody would read: publishers then build no message at all.
  if (!logger.isLevelEnabled('info')) return () => {};
  return subscribeRouter(channels.requestSettled, routerId, (message) => {
    logger.info(accessLine(message), 'request');
  });
}

/** What a line shows; what is undefined stands in none. */
function accessLine(message: RequestSettled) {
  return {
    requestId: message.requestId,
    clientRequestId: message.clientRequestId,
    method: message.method,
    route: message.route,
    status: message.status,
    batchId: message.batchId,
    batchSize: message.batchSize,
    releaseReason: message.reason,
    waitMs: message.waitMs,
    upstreamMs: message.upstreamMs,
    totalMs: message.totalMs,
    bytesIn: message.bytesIn,
    bytesOut: message.bytesOut,
    failure: message.failure,
    cancelled: message.cancelled,
    sourceIp: message.sourceIp,
  };
}
