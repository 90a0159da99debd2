import { randomUUID } from 'node:crypto';
import { batchKey } from './batching/batch-key.ts';
import { BatcherPool } from './batching/batcher-pool.ts';
import type { BatchingRules } from './batching/batcher.ts';
import type { Clock } from './batching/clock.ts';
import { fixedWindow } from './batching/fixed-window.ts';
import { compileConfig, loadConfig } from './config/load.ts';
import { manifestFromObject } from './config/manifest.ts';
import type { RouterConfig } from './config/router-config.ts';
import type { PendingRequest } from './demux/pending-request.ts';
import { handleRequest } from './http/handle-request.ts';
import { createHttpServer } from './http/server.ts';
import type { InjectRequest, InjectResponse } from './http/server.ts';
import { DispatchQueue } from './invoke/dispatch-queue.ts';
import { envelopeBytes } from './invoke/encode-batch.ts';
import type { Invoker } from './invoke/invoker.ts';
import { sdkInvoker } from './invoke/sdk-invoker.ts';
import { ActiveRequests } from './lifecycle/active-requests.ts';
import type { Operation } from './routing/operation.ts';
import { compileRoutes } from './routing/route-table.ts';
import { systemClock } from './system-clock.ts';

export interface CreateRouterOptions {
  /** A manifest's location, a manifest as an object, or a configuration that was compiled already. */
  readonly config: string | object | RouterConfig;
  /** Default: the AWS SDK. The caller closes one that it gives. */
  readonly invoker?: Invoker;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Adds `x-lpr-batch-size` to answers. Default: the environment's `LPR_INCLUDE_BATCH_SIZE_HEADER`. */
  readonly includeBatchSizeHeader?: boolean;
}

export interface ListenAddress {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** A running router. */
export interface Router extends AsyncDisposable {
  /** Marks its messages on the diagnostics channels. */
  readonly id: string;
  readonly config: RouterConfig;
  /** Listens at `address`, by default at the configuration's `ListenAddr`; resolves to the URL. */
  listen(address?: ListenAddress): Promise<string>;
  /** Answers a request without a socket. */
  inject(request: InjectRequest): Promise<InjectResponse>;
  /** Releases open batches, waits for every answer, then closes all connections. */
  close(): Promise<void>;
}

/**
 * Puts the parts together: HTTP → routing → batching → invoking and back.
 *
 * @throws ConfigError with every problem of the configuration
 */
export async function createRouter(options: CreateRouterOptions): Promise<Router> {
  const config = await resolveConfig(options.config);
  const clock = options.clock ?? systemClock;
  const maxSockets = config.maxInflightInvocations;
  const invoker = options.invoker ?? sdkInvoker({ region: config.awsRegion, maxSockets });
  const id = randomUUID();
  const active = new ActiveRequests();
  const batchers = new BatcherPool<PendingRequest>();
  const { maxRecordBytes } = config;
  const queue = new DispatchQueue({
    maxInflight: config.maxInflightInvocations,
    runBatch: { routerId: id, invoker, clock, maxRecordBytes },
  });
  const rules = new Map<Operation, BatchingRules<PendingRequest>>();
  for (const operation of config.operations) {
    const { path, maxWaitMs, maxBatchSize } = operation;
    const maxItemBytes = config.maxInvokePayloadBytes - envelopeBytes(path);
    rules.set(operation, {
      clock,
      policy: fixedWindow(maxWaitMs),
      limits: { maxBatchSize, maxItemBytes },
      onRelease: (batch) => queue.push(operation, batch),
    });
  }

  let draining = false;
  const context = {
    config,
    clock,
    routes: compileRoutes(config.operations),
    includeBatchSize: options.includeBatchSizeHeader ?? batchSizeHeaderFromEnvironment(),
    draining: () => draining,
    enqueue(
      operation: Operation,
      method: string,
      keyValues: readonly (string | undefined)[],
      pending: PendingRequest,
    ) {
      const batching = rules.get(operation)!;
      if (pending.itemBytes + 1 > batching.limits.maxItemBytes) {
        return pending.fail({ code: 'LPR_PAYLOAD_TOO_LARGE' });
      }
      batchers.add(batchKey(`${method} ${operation.path}`, keyValues), pending, batching);
    },
  };
  const app = createHttpServer({
    keepAliveTimeoutMs: config.keepAliveTimeoutMs,
    handle(request, response) {
      active.add(response);
      handleRequest(request, response, context);
    },
  });

  const close = async () => {
    draining = true;
    batchers.releaseAll('drain');
    await active.idle();
    await queue.idle();
    await app.close();
    if (!options.invoker) await invoker.close?.();
  };
  let closing: Promise<void> | undefined;
  return {
    id,
    config,
    async listen(address = config.listen) {
      if (!address) throw new Error('Expected an address: the configuration has no `ListenAddr`');
      return app.listen({ ...address, backlog: 4096 });
    },
    inject: (request) => app.inject(request),
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
}

async function resolveConfig(config: string | object | RouterConfig): Promise<RouterConfig> {
  if (typeof config === 'string') return loadConfig(config);
  if ('operations' in config) return config;
  return compileConfig(manifestFromObject(config), { listenAddr: 'optional' });
}

/** Unset, empty, `0`, `false`, `no`, `off` in any case: off; anything else: on (wire contract §3). */
function batchSizeHeaderFromEnvironment(): boolean {
  const value = process.env['LPR_INCLUDE_BATCH_SIZE_HEADER']?.toLowerCase() ?? '';
  return !['', '0', 'false', 'no', 'off'].includes(value);
}
