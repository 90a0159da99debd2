import type { Batch } from './batching/batch.ts';
import type { BatchingRules } from './batching/batcher.ts';
import { batchKey } from './batching/batch-key.ts';
import type { BatchKey } from './batching/batch-key.ts';
import type { Clock } from './batching/clock.ts';
import { fixedWindow } from './batching/fixed-window.ts';
import { rateWindow } from './batching/rate-window.ts';
import type { RouterConfig } from './config/router-config.ts';
import type { PendingRequest } from './demux/pending-request.ts';
import type { DispatchQueue } from './invoke/dispatch-queue.ts';
import { envelopeBytes } from './invoke/encode-batch.ts';
import type { Operation } from './routing/operation.ts';
import { compileRoutes } from './routing/route-table.ts';
import type { RouteTable } from './routing/route-table.ts';

/** A configuration, compiled. Immutable: reloading swaps one reference, and what runs keeps its own. */
export interface Generation {
  readonly config: RouterConfig;
  readonly routes: RouteTable;
  rulesOf(operation: Operation): BatchingRules<PendingRequest>;
  /** Generations never share a batch. */
  keyOf(operation: Operation, method: string, values: readonly (string | undefined)[]): BatchKey;
}

export interface GenerationOptions {
  readonly config: RouterConfig;
  readonly clock: Clock;
  readonly queue: DispatchQueue;
}

let generations = 0;

export function compileGeneration({ config, clock, queue }: GenerationOptions): Generation {
  generations += 1;
  const prefix = generations;
  const rules = new Map<Operation, BatchingRules<PendingRequest>>();
  for (const operation of config.operations) {
    const { path, maxBatchSize, dynamicWait, maxWaitMs, payloadFormat } = operation;
    const envelope = payloadFormat === 'single' ? 0 : envelopeBytes(path);
    const limits = { maxBatchSize, maxItemBytes: config.maxInvokePayloadBytes - envelope };
    rules.set(operation, {
      clock,
      limits,
      policy: dynamicWait ? rateWindow({ ...dynamicWait, maxWaitMs }) : fixedWindow(maxWaitMs),
      idleTtlMs: dynamicWait ? config.idleTtlMs : 0,
      onRelease: (batch: Batch<PendingRequest>) => queue.push(operation, batch, limits),
    });
  }
  return {
    config,
    routes: compileRoutes(config.operations),
    rulesOf: (operation) => rules.get(operation)!,
    keyOf: ({ path }, method, values) => batchKey(`${prefix} ${method} ${path}`, values),
  };
}
