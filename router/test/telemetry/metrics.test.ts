import { randomUUID } from 'node:crypto';
import parsePrometheusText from 'parse-prometheus-text-format';
import { expect, onTestFinished, test } from 'vitest';
import { channels } from '../../src/telemetry/channels.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import type { MetricGauges } from '../../src/telemetry/metrics.ts';
import { FUNCTION_ARN, BATCH_SETTLED, SETTLED, UNINVOKED } from './messages.ts';

const ROUTE = '/hello/{id}';

const NO_GAUGES: MetricGauges = {
  queueDepth: () => 0,
  openBatches: () => 0,
  inflightInvocations: () => 0,
  inflightRequests: () => 0,
};

function start(gauges = NO_GAUGES) {
  const routerId = randomUUID();
  const metrics = createMetrics({ routerId, gauges });
  onTestFinished(() => metrics.close());
  const scrape = async () => {
    const { text } = await metrics.render();
    const families = parsePrometheusText(text);
    return (name: string) => families.find((family) => family.name === name);
  };
  return { routerId, metrics, scrape };
}

/** Samples of a family that are not zero. */
function samples(family: ReturnType<typeof parsePrometheusText>[number] | undefined) {
  const metrics = family?.metrics ?? [];
  return metrics
    .filter(({ value }) => value !== '0')
    .map(({ labels, value }) => ({ ...labels, value: Number(value) }));
}

test('requests are counted by method, route and status class', async () => {
  const { routerId, scrape } = start();
  const publish = (outcome: object) =>
    channels.requestSettled.publish({ ...SETTLED, routerId, ...outcome });
  publish({});
  publish({ status: 204 });
  publish({ status: 503, failure: 'LPR_THROTTLED' });
  publish({ method: 'POST' });
  publish({ status: undefined, cancelled: 'queued' });
  publish({ ...UNINVOKED, routerId, method: 'BREW', route: '*', status: 404 });
  const labels = { method: 'GET', route: ROUTE };
  expect(samples((await scrape())('lpr_requests_total'))).toEqual([
    { ...labels, status_class: '2xx', value: 2 },
    { ...labels, status_class: '5xx', value: 1 },
    { ...labels, method: 'POST', status_class: '2xx', value: 1 },
    { ...labels, status_class: 'none', value: 1 },
    { method: 'other', route: '*', status_class: '4xx', value: 1 },
  ]);
});

test('latencies are in seconds, in buckets', async () => {
  const { routerId, metrics, scrape } = start();
  channels.requestSettled.publish({ ...SETTLED, routerId, totalMs: 250 });
  channels.requestSettled.publish({ ...SETTLED, routerId, totalMs: 500 });
  const family = (await scrape())('lpr_request_duration_seconds');
  expect(family?.type).toBe('HISTOGRAM');
  expect(family?.metrics[0]?.buckets).toMatchObject({ '0.1': '0', '0.25': '1', '+Inf': '2' });
  // The parser keeps neither labels nor sums of histograms that have labels.
  expect((await metrics.render()).text).toContain(
    'lpr_request_duration_seconds_sum{method="GET",route="/hello/{id}",status_class="2xx"} 0.75\n',
  );
});

test('batches tell their size, wait, release reason and what they saved', async () => {
  const { routerId, scrape } = start();
  channels.batchSettled.publish({ ...BATCH_SETTLED, routerId });
  channels.batchSettled.publish({ ...BATCH_SETTLED, routerId, size: 16, waitMs: 80 });
  channels.batchSettled.publish({ ...BATCH_SETTLED, routerId, size: 1, reason: 'window' });
  const family = await scrape();
  expect(samples(family('lpr_batches_released_total'))).toEqual([
    { route: ROUTE, reason: 'full', value: 2 },
    { route: ROUTE, reason: 'window', value: 1 },
  ]);
  expect(family('lpr_batch_size')?.metrics[0]).toMatchObject({
    buckets: { 1: '1', 2: '2', 8: '2', 16: '3', '+Inf': '3' },
  });
  expect(family('lpr_batch_wait_seconds')?.metrics[0]).toMatchObject({
    buckets: { '0.01': '0', '0.025': '2', '0.1': '3' },
  });
  expect(samples(family('lpr_invocations_saved_total'))).toEqual([{ value: 16 }]);
});

test('functions of one route share its series, and a scrape takes nothing away', async () => {
  const { routerId, metrics } = start();
  const lines = async () =>
    (await metrics.render()).text
      .split('\n')
      .filter((line) => /^lpr_(?:batch_size_count|batches_released_total)\b/.test(line));
  channels.batchSettled.publish({ ...BATCH_SETTLED, routerId });
  expect(await lines()).toEqual([
    'lpr_batches_released_total{route="/hello/{id}",reason="full"} 1',
    'lpr_batch_size_count{route="/hello/{id}"} 1',
  ]);
  channels.batchSettled.publish({ ...BATCH_SETTLED, routerId, functionName: 'other' });
  const both = [
    'lpr_batches_released_total{route="/hello/{id}",reason="full"} 2',
    'lpr_batch_size_count{route="/hello/{id}"} 2',
  ];
  expect(await lines()).toEqual(both);
  expect(await lines()).toEqual(both);
});

test('invocations are counted by result, throttles with those that were retried', async () => {
  const { routerId, scrape } = start();
  channels.batchSettled.publish({ ...BATCH_SETTLED, routerId });
  channels.batchSettled.publish({ ...BATCH_SETTLED, routerId, failure: 'LPR_THROTTLED' });
  for (const code of ['LPR_THROTTLED', 'LPR_FUNCTION_UNREACHABLE'] as const) {
    const about = { routerId, batchId: 'b-1', functionArn: FUNCTION_ARN, attempt: 1, delayMs: 50 };
    channels.invocationRetried.publish({ ...about, code, error: undefined });
  }
  const family = await scrape();
  expect(samples(family('lpr_invocations_total'))).toEqual([
    { route: ROUTE, function: 'hello', result: 'ok', value: 1 },
    { route: ROUTE, function: 'hello', result: 'LPR_THROTTLED', value: 1 },
  ]);
  expect(samples(family('lpr_invocation_throttles_total'))).toEqual([
    { function: 'hello', value: 2 },
  ]);
  expect(samples(family('lpr_invocation_retries_total'))).toEqual([
    { function: 'hello', code: 'LPR_THROTTLED', value: 1 },
    { function: 'hello', code: 'LPR_FUNCTION_UNREACHABLE', value: 1 },
  ]);
  expect(family('lpr_invocation_duration_seconds')?.metrics[0]).toMatchObject({
    buckets: { '0.025': '0', '0.05': '2', '+Inf': '2' },
  });
});

test('failures of items, cancellations, refusals and bad records are told apart', async () => {
  const { routerId, scrape } = start();
  const publish = (outcome: object) =>
    channels.requestSettled.publish({ ...SETTLED, routerId, ...outcome });
  publish({ status: 502, failure: 'LPR_MISSING_RESPONSE' });
  publish({ ...UNINVOKED, routerId, status: 429, failure: 'LPR_OVERLOADED' });
  publish({ status: undefined, cancelled: 'in_flight' });
  channels.requestRejected.publish({
    routerId,
    requestId: 'r-1',
    route: ROUTE,
    reason: 'queue_depth',
  });
  const record = { routerId, batchId: 'b-1', route: ROUTE, requestId: undefined };
  channels.recordDropped.publish({ ...record, kind: 'json' });
  const family = await scrape();
  expect(samples(family('lpr_item_failures_total'))).toEqual([
    { route: ROUTE, code: 'LPR_MISSING_RESPONSE', value: 1 },
  ]);
  expect(samples(family('lpr_requests_cancelled_total'))).toEqual([
    { state: 'in_flight', value: 1 },
  ]);
  expect(samples(family('lpr_requests_rejected_total'))).toEqual([
    { reason: 'queue_depth', value: 1 },
  ]);
  expect(samples(family('lpr_bad_records_total'))).toEqual([
    { route: ROUTE, kind: 'json', value: 1 },
  ]);
});

test('gauges are asked at each scrape', async () => {
  let depth = 3;
  const { scrape } = start({
    queueDepth: () => depth,
    openBatches: () => 2,
    inflightInvocations: () => 5,
    inflightRequests: () => 7,
  });
  const first = await scrape();
  depth = 4;
  const second = await scrape();
  expect(samples(first('lpr_queue_depth'))).toEqual([{ value: 3 }]);
  expect(samples(second('lpr_queue_depth'))).toEqual([{ value: 4 }]);
  expect(samples(first('lpr_open_batches'))).toEqual([{ value: 2 }]);
  expect(samples(first('lpr_inflight_invocations'))).toEqual([{ value: 5 }]);
  expect(samples(first('lpr_inflight_requests'))).toEqual([{ value: 7 }]);
});

test('the process and its event loop are measured', async () => {
  const { metrics, scrape } = start();
  const family = await scrape();
  for (const name of [
    'process_cpu_seconds_total',
    'process_resident_memory_bytes',
    'process_start_time_seconds',
    'nodejs_heap_size_used_bytes',
  ]) {
    expect(Number(family(name)?.metrics[0]?.value), name).toBeGreaterThan(0);
  }
  const quantiles = family('lpr_event_loop_delay_seconds')?.metrics.map(({ labels }) => labels);
  expect(quantiles?.map((labels) => labels?.['quantile'])).toEqual(['0.5', '0.9', '0.99', '1']);
  expect((await metrics.render()).contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
});

test('every metric has a help text, and names say their units', async () => {
  const { routerId, metrics } = start();
  channels.requestSettled.publish({ ...SETTLED, routerId });
  for (const { name, help, type } of parsePrometheusText((await metrics.render()).text)) {
    expect(help, name).toMatch(/\S\.$/);
    expect(name.endsWith('_total'), name).toBe(type === 'COUNTER');
  }
});

test('each router has counts of its own, and a closed one counts no more', async () => {
  const first = start();
  const second = start();
  channels.requestSettled.publish({ ...SETTLED, routerId: first.routerId });
  first.metrics.close();
  channels.requestSettled.publish({ ...SETTLED, routerId: first.routerId });
  expect(samples((await first.scrape())('lpr_requests_total'))).toMatchObject([{ value: 1 }]);
  expect(samples((await second.scrape())('lpr_requests_total'))).toEqual([]);
  second.metrics.close();
  expect(channels.requestSettled.hasSubscribers).toBe(false);
});
