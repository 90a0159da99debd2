import type { Channel } from 'node:diagnostics_channel';
import { channels as routerChannels } from 'lpr-router';
import type { BatchSettled } from 'lpr-router';
import { channels } from '../functions/channels.ts';
import type {
  InvocationEnded,
  InvocationStarted,
  InvocationWarned,
  LateFailure,
} from '../functions/channels.ts';
import { errorText } from '../runtime/errors.ts';
import type { Print } from './console.ts';

/** Describes a batch in one line: route, size, wait, release reason, duration, cold or warm. */
export function batchLine(batch: BatchSettled, cold: boolean | undefined): string {
  const start = cold === undefined ? 'not started' : cold ? 'cold' : 'warm';
  const outcome = batch.failure === undefined ? '' : `  ${batch.failure}`;
  return [
    `${batch.route}  ${batch.size} ${batch.size === 1 ? 'request' : 'requests'}`,
    `waited ${milliseconds(batch.waitMs)} (${batch.reason})`,
    `took ${milliseconds(batch.durationMs)}`,
    `${start}${outcome}`,
  ].join('  ');
}

/**
 * Prints a line for each batch of a router, for each failed invocation, and for what else happens to
 * functions; returns what stops it.
 */
export function printBatches(routerId: string, print: Print): () => void {
  // The request id of a batch's invocation is the id of the batch; the Lambda API's have ids of their own.
  const colds = new Map<string, boolean | undefined>();
  const unaware = new Set<string | undefined>();
  const stops = [
    routerChannels.batchReleased.subscribe(({ routerId: id, batchId }) => {
      if (id === routerId) colds.set(batchId, undefined);
    }),
    routerChannels.batchSettled.subscribe((batch) => {
      if (batch.routerId !== routerId) return;
      const { batchId, route, functionName, size, reason, waitMs, durationMs, failure } = batch;
      const cold = colds.get(batchId);
      const fields = {
        batchId,
        route,
        functionName,
        size,
        reason,
        waitMs,
        durationMs,
        failure,
        cold,
      };
      print(failure === undefined ? 'info' : 'error', batchLine(batch, cold), fields);
      colds.delete(batchId);
    }),
    routerChannels.requestSettled.subscribe(({ routerId: id, route, batchId, failure }) => {
      if (id !== routerId || failure !== 'LPR_NOT_BATCH_AWARE' || unaware.has(batchId)) return;
      unaware.add(batchId);
      print('error', notBatchAware(route), { route, batchId, failure });
    }),
    listen(channels.invocationStarted, ({ requestId, cold }: InvocationStarted) => {
      if (colds.has(requestId)) colds.set(requestId, cold);
    }),
    listen(channels.invocationEnded, ({ functionName, requestId, error }: InvocationEnded) => {
      if (error === undefined) return;
      print('error', `${functionName}: ${errorText(error)}`, { functionName, requestId, error });
    }),
    listen(channels.invocationWarned, ({ functionName, requestId, text }: InvocationWarned) => {
      print('warn', `${functionName}: ${text}`, { functionName, requestId });
    }),
    listen(channels.lateFailure, ({ functionName, requestId, error }: LateFailure) => {
      const text = `${functionName}: after invocation ${requestId} was over: ${errorText(error)}`;
      print('error', text, { functionName, requestId, error });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** What to do about a function that met a batch and does not know what that is. */
export function notBatchAware(route: string): string {
  return (
    `${route}  LPR_NOT_BATCH_AWARE: the function did not answer as a batch handler does. ` +
    'Wrap its handler in `withBatchAdapter` of lpr-lambda-adapter, ' +
    'or give the route `x-lpr.payloadFormat: single` (without a manifest: `--single`).'
  );
}

function listen(channel: Channel, listener: (message: never) => void): () => void {
  const onMessage = (message: unknown): void => listener(message as never);
  channel.subscribe(onMessage);
  return () => channel.unsubscribe(onMessage);
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
