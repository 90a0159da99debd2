import { channels as routerChannels } from 'lpr-router';
import type { BatchReleased, BatchSettled } from 'lpr-router';
import { channels } from './functions/channels.ts';
import type { FunctionLogged, InvocationEnded } from './functions/channels.ts';

/** A batch whose every request has its answer. */
export interface RecordedBatch extends BatchSettled {
  readonly requestIds: readonly string[];
  /** The event of the invocation, parsed. */
  readonly event: unknown;
  /** Of the environment; `undefined` when the function was not started. */
  readonly cold: boolean | undefined;
}

/** An emulator's recent past, oldest first. */
export interface History {
  batches(): readonly RecordedBatch[];
  invocations(): readonly InvocationEnded[];
  logs(): readonly FunctionLogged[];
  clear(): void;
  close(): void;
}

/** How much of each kind is kept. */
const KEPT = 1000;

/** Records the batches of one router, and what its functions (by name) do for whoever invokes them. */
export function recordHistory(routerId: string, isOwn: (functionName: string) => boolean): History {
  const batches: RecordedBatch[] = [];
  const invocations: InvocationEnded[] = [];
  const logs: FunctionLogged[] = [];
  const released = new Map<string, BatchReleased>();
  const colds = new Map<string, boolean>();
  const onReleased = (batch: BatchReleased): void => {
    if (batch.routerId === routerId) released.set(batch.batchId, batch);
  };
  const onSettled = (batch: BatchSettled): void => {
    const { batchId } = batch;
    const start = released.get(batchId);
    if (start === undefined) return;
    released.delete(batchId);
    const event: unknown = JSON.parse(Buffer.from(start.payload).toString());
    const { requestIds } = start;
    keep(batches, { ...batch, requestIds, event, cold: colds.get(batchId) });
    colds.delete(batchId);
  };
  const onEnded = (message: unknown): void => {
    const ended = message as InvocationEnded;
    if (!isOwn(ended.functionName)) return;
    if (released.has(ended.requestId)) colds.set(ended.requestId, ended.cold);
    keep(invocations, ended);
  };
  const onLogged = (message: unknown): void => {
    const line = message as FunctionLogged;
    if (isOwn(line.functionName)) keep(logs, line);
  };
  routerChannels.batchReleased.subscribe(onReleased);
  routerChannels.batchSettled.subscribe(onSettled);
  channels.invocationEnded.subscribe(onEnded);
  channels.logged.subscribe(onLogged);
  return {
    batches: () => [...batches],
    invocations: () => [...invocations],
    logs: () => [...logs],
    clear() {
      for (const list of [batches, invocations, logs]) list.length = 0;
    },
    close() {
      routerChannels.batchReleased.unsubscribe(onReleased);
      routerChannels.batchSettled.unsubscribe(onSettled);
      channels.invocationEnded.unsubscribe(onEnded);
      channels.logged.unsubscribe(onLogged);
    },
  };
}

function keep<T>(list: T[], entry: T): void {
  list.push(entry);
  if (list.length > KEPT) list.shift();
}
