import { randomUUID } from 'node:crypto';
import { BatcherPool } from './batching/batcher-pool.ts';
import type { Clock } from './batching/clock.ts';
import { compileConfig, loadConfig } from './config/load.ts';
import { manifestFromObject } from './config/manifest.ts';
import type { RouterConfig } from './config/router-config.ts';
import type { PendingRequest } from './demux/pending-request.ts';
import type { Failure } from './errors.ts';
import { compileGeneration } from './generation.ts';
import { handleRequest } from './http/handle-request.ts';
import type { RequestContext } from './http/handle-request.ts';
import { createHttpServer } from './http/server.ts';
import type { InjectRequest, InjectResponse } from './http/server.ts';
import { DispatchQueue } from './invoke/dispatch-queue.ts';
import type { Invoker } from './invoke/invoker.ts';
import { runBatch } from './invoke/run-batch.ts';
import { sdkInvoker } from './invoke/sdk-invoker.ts';
import { ActiveRequests } from './lifecycle/active-requests.ts';
import { drain } from './lifecycle/drain.ts';
import type { Phase } from './lifecycle/drain.ts';
import { systemClock } from './system-clock.ts';
import { channels, UNMATCHED_ROUTE } from './telemetry/channels.ts';
import type { RejectReason } from './telemetry/channels.ts';

export interface CreateRouterOptions {
  /** A manifest's location, a manifest as an object, or a configuration that was compiled already. */
  readonly config: string | object | RouterConfig;
  /** Default: the one that the configuration names. The caller closes one that it gives. */
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

export interface CloseOptions {
  /** How long to go on serving, unready and without windows, before refusing, in ms. Default 0. */
  readonly drainDelayMs?: number;
}

/** What a router holds at a moment. */
export interface RouterStats {
  /** Requests from their arrival until their answer has left. */
  readonly inflightRequests: number;
  readonly openBatches: number;
  /** Released batches that wait for an invocation. */
  readonly waitingBatches: number;
  /** Requests in those. */
  readonly queueDepth: number;
  readonly inflightInvocations: number;
}

/** A running router. */
export interface Router extends AsyncDisposable {
  /** Marks its messages on the diagnostics channels. */
  readonly id: string;
  /** The configuration in force. */
  readonly config: RouterConfig;
  /** Listens at `address`, by default at the configuration's `ListenAddr`; resolves to the URL. */
  listen(address?: ListenAddress): Promise<string>;
  /** Answers a request without a socket. */
  inject(request: InjectRequest): Promise<InjectResponse>;
  /** What is going on right now. */
  stats(): RouterStats;
  /** Serves new requests under `config`; those in flight finish under theirs. Addresses stay. */
  reload(config: RouterConfig): void;
  /**
   * Releases open batches, waits for every answer (at most `DrainTimeoutMs`), then closes all
   * connections.
   */
  close(options?: CloseOptions): Promise<void>;
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
  const batchers = new BatcherPool<PendingRequest>(clock);
  const queue = new DispatchQueue({
    maxInflight: config.maxInflightInvocations,
    maxPending: config.maxPendingInvocations,
    run(operation, batch) {
      const { maxRecordBytes } = generation.config;
      return runBatch(operation, batch, { routerId: id, invoker, clock, maxRecordBytes });
    },
    reject: ({ path }, batch) =>
      batch.settleRest((waiter) => waiter.fail(overloaded(waiter.id, path, 'pending_invocations'))),
  });
  let generation = compileGeneration({ config, clock, queue });
  let phase: Phase = 'serving';
  const overloaded = (requestId: string, route: string, reason: RejectReason): Failure => {
    channels.requestRejected.publish({ routerId: id, requestId, route, reason });
    return { code: 'LPR_OVERLOADED', retryAfterSeconds: 1 };
  };

  const context: RequestContext = {
    routerId: id,
    clock,
    active,
    generation: () => generation,
    includeBatchSize: options.includeBatchSizeHeader ?? isOn('LPR_INCLUDE_BATCH_SIZE_HEADER'),
    serverTiming: isOn('LPR_SERVER_TIMING'),
    closing: () => phase !== 'serving',
    refusal(requestId) {
      if (phase === 'refusing') return { code: 'LPR_DRAINING', retryAfterSeconds: 1 };
      if (active.count < generation.config.maxInflightRequests) return undefined;
      return overloaded(requestId, UNMATCHED_ROUTE, 'inflight_requests');
    },
    enqueue(current, operation, method, keyValues, pending) {
      const rules = current.rulesOf(operation);
      if (pending.itemBytes + 1 > rules.limits.maxItemBytes) {
        return pending.fail({ code: 'LPR_PAYLOAD_TOO_LARGE' });
      }
      const key = current.keyOf(operation, method, keyValues);
      if (queue.depthOf(key) >= current.config.maxQueueDepthPerKey) {
        return pending.fail(overloaded(pending.id, operation.path, 'queue_depth'));
      }
      batchers.add(key, pending, rules);
    },
  };
  const app = createHttpServer({
    keepAliveTimeoutMs: config.keepAliveTimeoutMs,
    handle: (request, response) => handleRequest(request, response, context),
  });

  const close = async ({ drainDelayMs = 0 }: CloseOptions = {}) => {
    await drain({
      clock,
      active,
      delayMs: drainDelayMs,
      timeoutMs: generation.config.drainTimeoutMs,
      enter(next) {
        phase = next;
        if (next === 'draining') batchers.drain();
      },
    });
    batchers.close();
    await app.close();
    await queue.idle();
    if (!options.invoker) await invoker.close?.();
  };
  let closing: Promise<void> | undefined;
  return {
    id,
    get config() {
      return generation.config;
    },
    async listen(address = config.listen) {
      if (!address) throw new Error('Expected an address: the configuration has no `ListenAddr`');
      return app.listen({ ...address, backlog: 4096 });
    },
    stats: () => ({
      inflightRequests: active.count,
      openBatches: batchers.open,
      waitingBatches: queue.waiting,
      queueDepth: queue.depth,
      inflightInvocations: queue.inflight,
    }),
    inject: (request) => app.inject(request),
    reload(next) {
      generation = compileGeneration({ config: next, clock, queue });
      queue.setLimits({
        maxInflight: next.maxInflightInvocations,
        maxPending: next.maxPendingInvocations,
      });
    },
    close: (closeOptions) => (closing ??= close(closeOptions)),
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
}

async function resolveConfig(config: string | object | RouterConfig): Promise<RouterConfig> {
  if (typeof config === 'string') return loadConfig(config);
  if ('operations' in config) return config;
  return compileConfig(manifestFromObject(config), { listenAddr: 'optional' });
}

/** Unset, empty, `0`, `false`, `no`, `off` in any case: off; anything else: on (wire contract §3). */
function isOn(variable: string): boolean {
  const value = process.env[variable]?.toLowerCase() ?? '';
  return !['', '0', 'false', 'no', 'off'].includes(value);
}
