import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import { RELEASE_REASONS } from '../batching/release-policy.ts';
import type { ReleaseReason } from '../batching/release-policy.ts';
import { parseFunctionArn } from '../routing/function-arn.ts';
import { channels } from './channels.ts';
import type { BatchSettled } from './channels.ts';
import { directCounter, directHistogram } from './direct-metrics.ts';
import type { DirectCount, DirectObservations } from './direct-metrics.ts';
import { BATCH_SIZE_BUCKETS, LATENCY_BUCKETS, WAIT_BUCKETS } from './metric-buckets.ts';
import { subscribeRouter } from './typed-channel.ts';

/** What batches of one route and function are counted by: labels are resolved once. */
interface BatchChild {
  readonly released: ReadonlyMap<ReleaseReason, DirectCount>;
  readonly size: DirectObservations;
  readonly wait: DirectObservations;
  /** By `ok`, or the code that they failed with. */
  readonly results: Map<string, DirectCount>;
  readonly duration: DirectObservations;
}

/** Counts the batches and invocations of one router; returns what stops it. */
export function batchMetrics(registry: Registry, routerId: string): () => void {
  const registers = [registry];
  const releases = directCounter({
    name: 'lpr_batches_released_total',
    help: 'Batches that were invoked, by why they left their window.',
    labelNames: ['route', 'reason'],
    registers,
  });
  const size = directHistogram({
    name: 'lpr_batch_size',
    help: 'Requests in a batch.',
    labelNames: ['route'],
    buckets: BATCH_SIZE_BUCKETS,
    registers,
  });
  const wait = directHistogram({
    name: 'lpr_batch_wait_seconds',
    help: 'From the first arrival of a batch to its invocation.',
    labelNames: ['route'],
    buckets: WAIT_BUCKETS,
    registers,
  });
  const invocations = directCounter({
    name: 'lpr_invocations_total',
    help: 'Invocations that have ended; result `ok` or the code they failed with. Retries are not counted again.',
    labelNames: ['route', 'function', 'result'],
    registers,
  });
  const duration = directHistogram({
    name: 'lpr_invocation_duration_seconds',
    help: 'From the sealing of a batch until its answer was read whole, retries included.',
    labelNames: ['route', 'function'],
    buckets: LATENCY_BUCKETS,
    registers,
  });
  const throttles = new Counter({
    name: 'lpr_invocation_throttles_total',
    help: 'Throttles that Lambda answered with, those that were retried included.',
    labelNames: ['function'],
    registers,
  });
  const retries = new Counter({
    name: 'lpr_invocation_retries_total',
    help: 'Invocations that had not run and were sent again, by why.',
    labelNames: ['function', 'code'],
    registers,
  });
  const saved = directCounter({
    name: 'lpr_invocations_saved_total',
    help: 'Estimate: invocations that one per request would have cost besides.',
    registers,
  }).labels();
  const badRecords = new Counter({
    name: 'lpr_bad_records_total',
    help: 'Records of answers that were dropped or cost their request a 502, by kind.',
    labelNames: ['route', 'kind'],
    registers,
  });

  const children = new Map<string, BatchChild>();
  const childOf = ({ route, functionName }: BatchSettled): BatchChild => {
    // The text is no label: it only has to tell pairs apart, and function names have no space.
    const key = `${functionName} ${route}`;
    let child = children.get(key);
    if (!child) {
      child = {
        released: new Map(
          RELEASE_REASONS.map((reason) => [reason, releases.labels(route, reason)]),
        ),
        size: size.labels(route),
        wait: wait.labels(route),
        results: new Map(),
        duration: duration.labels(route, functionName),
      };
      children.set(key, child);
    }
    return child;
  };

  const stops = [
    subscribeRouter(channels.batchSettled, routerId, (batch) => {
      const { route, functionName, failure } = batch;
      const child = childOf(batch);
      child.released.get(batch.reason)?.inc();
      child.size.observe(batch.size);
      child.wait.observe(batch.waitMs / 1000);
      child.duration.observe(batch.durationMs / 1000);
      const result = failure ?? 'ok';
      let ended = child.results.get(result);
      if (!ended) {
        ended = invocations.labels(route, functionName, result);
        child.results.set(result, ended);
      }
      ended.inc();
      if (failure === 'LPR_THROTTLED') throttles.inc({ function: functionName });
      if (batch.size > 1) saved.inc(batch.size - 1);
    }),
    subscribeRouter(channels.invocationRetried, routerId, ({ functionArn, code }) => {
      const name = parseFunctionArn(functionArn)?.functionName ?? functionArn;
      retries.inc({ function: name, code });
      if (code === 'LPR_THROTTLED') throttles.inc({ function: name });
    }),
    subscribeRouter(channels.recordDropped, routerId, ({ route, kind }) => {
      badRecords.inc({ route, kind });
    }),
  ];
  return () => stops.forEach((stop) => stop());
}
