import { randomUUID } from 'node:crypto';
import { BatcherPool } from './batching/batcher-pool.ts';
import { compileConfig, loadConfig } from './config/load.ts';
import { manifestFromObject } from './config/manifest.ts';
import type { RouterConfig } from './config/router-config.ts';
import type { PendingRequest } from './demux/pending-request.ts';
import { isOn } from './environment.ts';
import type { Failure } from './errors.ts';
import { compileGeneration } from './generation.ts';
import { handleRequest } from './http/handle-request.ts';
import type { RequestContext } from './http/handle-request.ts';
import { addManagementRoutes, isManagementTarget } from './http/management.ts';
import { besideMount } from './http/mount.ts';
import { createHttpServer } from './http/server.ts';
import { createInvoker } from './invoke/create-invoker.ts';
import { DispatchQueue } from './invoke/dispatch-queue.ts';
import { runBatch } from './invoke/run-batch.ts';
import { ActiveRequests } from './lifecycle/active-requests.ts';
import { atMost, drain } from './lifecycle/drain.ts';
import type { Phase } from './lifecycle/drain.ts';
import type { CloseOptions, CreateRouterOptions, Router, RouterStats } from './router.ts';
import { systemClock } from './system-clock.ts';
import { channels, UNMATCHED_ROUTE } from './telemetry/channels.ts';
import type { RejectReason } from './telemetry/channels.ts';
import { createMetrics } from './telemetry/metrics.ts';

/** Survives a burst of new connections while the event loop is busy. */
const LISTEN_BACKLOG = 4096;
/** How long an invoker may take to end what was aborted; one that ignores it must not keep the process. */
const ABORT_MS = 1000;

/**
 * Puts the parts together: HTTP → routing → batching → invoking and back.
 *
 * @throws ConfigError with every problem of the configuration
 */
export async function createRouter(options: CreateRouterOptions): Promise<Router> {
  const config = await resolveConfig(options.config);
  const { clock = systemClock } = options;
  const id = randomUUID();
  const tracing = await options.startTracing?.(id);
  const invoker = createInvoker({ config, clock, routerId: id, invoker: options.invoker });
  const active = new ActiveRequests();
  const batchers = new BatcherPool<PendingRequest>(clock);
  let phase: Phase = 'serving';

  const overloaded = (requestId: string, route: string, reason: RejectReason): Failure => {
    channels.requestRejected.publish({ routerId: id, requestId, route, reason });
    return { code: 'LPR_OVERLOADED', retryAfterSeconds: 1 };
  };
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

  const context: RequestContext = {
    routerId: id,
    clock,
    active,
    tracing,
    generation: () => generation,
    includeBatchSize: options.includeBatchSizeHeader ?? isOn('LPR_INCLUDE_BATCH_SIZE_HEADER'),
    serverTiming: options.serverTiming ?? isOn('LPR_SERVER_TIMING'),
    closing: () => phase !== 'serving',
    observe: options.observe,
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

  const stats = (): RouterStats => ({
    inflightRequests: active.count,
    openBatches: batchers.open,
    waitingBatches: queue.waiting,
    queueDepth: queue.depth,
    inflightInvocations: queue.inflight,
  });
  const metrics = createMetrics({
    routerId: id,
    gauges: {
      queueDepth: () => stats().queueDepth,
      openBatches: () => stats().openBatches,
      inflightInvocations: () => stats().inflightInvocations,
      inflightRequests: () => stats().inflightRequests,
    },
  });
  const serverOptions = {
    keepAliveTimeoutMs: config.keepAliveTimeoutMs,
    handle: besideMount(options.mount, (request, response) =>
      handleRequest(request, response, context),
    ),
    isOwn: config.adminListen ? () => false : isManagementTarget,
  } satisfies Parameters<typeof createHttpServer>[0];
  const app = createHttpServer(serverOptions);
  const admin =
    config.adminListen && createHttpServer({ isOwn: isManagementTarget, keepAliveTimeoutMs: 5000 });
  addManagementRoutes(admin ?? app, {
    ready: () => phase === 'serving',
    metrics: () => metrics.render(),
  });
  let adminUrl: string | undefined;

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
    // Nobody waits any more: what still runs was aborted, or is about to end by itself.
    await atMost(queue.idle(), clock, ABORT_MS);
    await admin?.close();
    metrics.close();
    await tracing?.close();
    if (!options.invoker) await invoker.close?.();
  };
  let closing: Promise<void> | undefined;
  return {
    id,
    stats,
    get config() {
      return generation.config;
    },
    get adminUrl() {
      return adminUrl;
    },
    async listen(address = config.listen) {
      if (!address) throw new Error('Expected an address: the configuration has no `ListenAddr`');
      const { host, port } = address;
      if (admin) adminUrl = await admin.listen({ ...config.adminListen });
      return app.listen({ host, port, backlog: LISTEN_BACKLOG });
    },
    inject: (request) => app.inject(request),
    reload(next) {
      generation = compileGeneration({ config: next, clock, queue });
      queue.setMaxPending(next.maxPendingInvocations);
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
