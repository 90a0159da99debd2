import { channels as routerChannels } from 'lpr-router';
import type { BatchReleased, BatchSettled } from 'lpr-router';
import { channels } from '../functions/channels.ts';
import type { InvocationEnded, InvocationStarted } from '../functions/channels.ts';

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

/** Calls `print` with a line for each batch of a router and for each failed invocation; returns what stops it. */
export function printBatches(routerId: string, print: (line: string) => void): () => void {
  // The request id of a batch's invocation is the id of the batch; the Lambda API's have ids of their own.
  const colds = new Map<string, boolean | undefined>();
  const onReleased = (message: unknown): void => {
    const batch = message as BatchReleased;
    if (batch.routerId === routerId) colds.set(batch.batchId, undefined);
  };
  const onStarted = (message: unknown): void => {
    const { requestId, cold } = message as InvocationStarted;
    if (colds.has(requestId)) colds.set(requestId, cold);
  };
  const onEnded = (message: unknown): void => {
    const { functionName, error } = message as InvocationEnded;
    if (error === undefined) return;
    const { errorType, errorMessage, trace } = error;
    print(`${functionName}: ${trace?.length ? trace.join('\n') : `${errorType}: ${errorMessage}`}`);
  };
  const onSettled = (message: unknown): void => {
    const batch = message as BatchSettled;
    if (batch.routerId !== routerId) return;
    print(batchLine(batch, colds.get(batch.batchId)));
    colds.delete(batch.batchId);
  };
  routerChannels.batchReleased.subscribe(onReleased);
  channels.invocationStarted.subscribe(onStarted);
  channels.invocationEnded.subscribe(onEnded);
  routerChannels.batchSettled.subscribe(onSettled);
  return () => {
    routerChannels.batchReleased.unsubscribe(onReleased);
    channels.invocationStarted.unsubscribe(onStarted);
    channels.invocationEnded.unsubscribe(onEnded);
    routerChannels.batchSettled.unsubscribe(onSettled);
  };
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
