import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { InvokeError } from '../../src/errors.ts';
import { channels } from '../../src/telemetry/channels.ts';
import type { RequestSettled } from '../../src/telemetry/channels.ts';
import { startTracing } from '../../src/telemetry/start-tracing.ts';
import type { Tracing } from '../../src/telemetry/tracing.ts';
import { FUNCTION_ARN, BATCH_SETTLED, RELEASED, SETTLED, UNINVOKED } from './messages.ts';
import { startGrpcReceiver, startHttpReceiver } from './otlp-receiver.ts';
import type { OtlpReceiver } from './otlp-receiver.ts';
import type { ReceivedSpan } from './otlp-spans.ts';

const ALL_HEADERS = { allow: undefined, deny: new Set<string>() };
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
const silent = pino({ level: 'silent' });

function setEnvironment(variables: Record<string, string>): void {
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

interface Traced {
  readonly routerId: string;
  readonly tracing: Tracing;
  readonly receiver: OtlpReceiver;
  readonly request: (
    requestId: string,
    headers?: Record<string, string>,
    method?: string,
  ) => Record<string, string>;
  readonly settle: (requestId: string, outcome?: Partial<RequestSettled>) => void;
  /** Flushes and finds the spans by name. */
  exported(): Promise<(name: string) => ReceivedSpan[]>;
}

/** A router's tracing that exports to a receiver of its own. */
async function trace(
  environment: Record<string, string> = {},
  receiver?: OtlpReceiver,
): Promise<Traced> {
  const target = receiver ?? (await startHttpReceiver());
  setEnvironment({ OTEL_EXPORTER_OTLP_ENDPOINT: target.url, ...environment });
  const routerId = randomUUID();
  const tracing = (await startTracing({ routerId, logger: silent }))!;
  onTestFinished(() => tracing.close());
  return {
    routerId,
    tracing,
    receiver: target,
    request(requestId, headers = {}, method = 'GET') {
      const from = { requestId, method, target: '/hello/7?secret=1', sourceIp: '203.0.113.7' };
      const item = { ...headers };
      tracing.start({ ...from, headers }).inject(item, ALL_HEADERS);
      return item;
    },
    settle: (requestId, outcome = {}) =>
      channels.requestSettled.publish({ ...SETTLED, routerId, requestId, ...outcome }),
    async exported() {
      await tracing.close();
      return (name) => target.spans.filter((span) => span.name === name);
    },
  };
}

/** Two requests that share an invocation. */
function runBatch({ routerId, request, settle }: Traced): void {
  request('r-1', { host: 'api.example.com:8080', 'user-agent': 'curl/8' });
  request('r-2');
  channels.batchReleased.publish({ ...RELEASED, routerId });
  channels.batchSettled.publish({ ...BATCH_SETTLED, routerId });
  settle('r-1');
  settle('r-2', { waitMs: 3 });
}

test.for([
  ['http/protobuf', startHttpReceiver],
  ['http/json', startHttpReceiver],
  ['grpc', startGrpcReceiver],
] as const)('an invocation and its requests link each other over %s', async ([protocol, start]) => {
  const traced = await trace({ OTEL_EXPORTER_OTLP_PROTOCOL: protocol }, await start());
  runBatch(traced);
  const spans = await traced.exported();
  const requests = spans('GET /hello/{id}');
  const [invocation] = spans('invoke hello');
  expect(traced.receiver.spans).toHaveLength(3);
  expect(requests.map(({ traceId, spanId }) => ({ traceId, spanId }))).toEqual(invocation?.links);
  for (const request of requests) {
    expect(request.links).toEqual([{ traceId: invocation?.traceId, spanId: invocation?.spanId }]);
    expect(request.traceId).not.toBe(invocation?.traceId);
  }
  expect(invocation).toMatchObject({ kind: 3, parentSpanId: '', status: 0 });
  expect(invocation?.attributes).toMatchObject({
    'faas.invoked_name': 'hello',
    'faas.invoked_provider': 'aws',
    'faas.invoked_region': 'eu-west-1',
    'lpr.batch.id': 'b-1',
    'lpr.batch.size': 2,
    'lpr.batch.wait_ms': 12,
    'lpr.invoke.mode': 'buffered',
  });
});

test('a request has a server span by the HTTP conventions, with what its batch cost it', async () => {
  const traced = await trace();
  runBatch(traced);
  const [first, second] = (await traced.exported())('GET /hello/{id}');
  expect(first).toMatchObject({ kind: 2, status: 0 });
  expect(first?.attributes).toEqual({
    'http.request.method': 'GET',
    'http.route': '/hello/{id}',
    'http.response.status_code': 200,
    'url.path': '/hello/7',
    'url.scheme': 'http',
    'client.address': '203.0.113.7',
    'server.address': 'api.example.com',
    'server.port': 8080,
    'user_agent.original': 'curl/8',
    'lpr.request.id': 'r-1',
    'lpr.batch.id': 'b-1',
    'lpr.batch.size': 2,
    'lpr.batch.wait_ms': 12,
    'lpr.batch.release_reason': 'full',
    'lpr.invoke.mode': 'buffered',
  });
  expect(second?.attributes['lpr.batch.wait_ms']).toBe(3);
});

test('a batch of more requests than OpenTelemetry links by default is linked to all of them', async () => {
  const traced = await trace();
  const requestIds = Array.from({ length: 200 }, (_, index) => `r-${index}`);
  for (const id of requestIds) traced.request(id);
  channels.batchReleased.publish({ ...RELEASED, routerId: traced.routerId, requestIds, size: 200 });
  channels.batchSettled.publish({ ...BATCH_SETTLED, routerId: traced.routerId });
  for (const id of requestIds) traced.settle(id);
  expect((await traced.exported())('invoke hello')[0]?.links).toHaveLength(200);
});

test('a trace goes on from the client into each item, by W3C and X-Ray headers and baggage', async () => {
  const traced = await trace();
  const item = traced.request('r-1', {
    traceparent: `00-${TRACE_ID}-${SPAN_ID}-01`,
    tracestate: 'vendor=1',
    baggage: 'tenant=blue',
  });
  traced.settle('r-1');
  const [span] = (await traced.exported())('GET /hello/{id}');
  expect(span).toMatchObject({ traceId: TRACE_ID, parentSpanId: SPAN_ID });
  expect(item).toEqual({
    traceparent: `00-${TRACE_ID}-${span?.spanId}-01`,
    tracestate: 'vendor=1',
    baggage: 'tenant=blue',
    'x-amzn-trace-id': `Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=${span?.spanId};Sampled=1`,
  });
});

test('a trace goes on from an X-Ray header, and W3C wins over it', async () => {
  const traced = await trace();
  const xray = `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`;
  traced.request('r-1', { 'x-amzn-trace-id': xray });
  traced.request('r-2', { 'x-amzn-trace-id': xray, traceparent: `00-${TRACE_ID}-${SPAN_ID}-01` });
  traced.settle('r-1');
  traced.settle('r-2');
  const spans = (await traced.exported())('GET /hello/{id}');
  expect(spans.map((span) => span.traceId)).toEqual(['5759e988bd862e3fe1be46a994272793', TRACE_ID]);
});

test('headers of a broken trace do not travel on beside a new one', async () => {
  const traced = await trace();
  const item = traced.request('r-1', { traceparent: 'nonsense', tracestate: 'vendor=1' });
  expect(item['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  expect(item).not.toHaveProperty('tracestate');
});

test('denied headers are not injected, and baggage only when it is allowed', async () => {
  const { tracing } = await trace();
  const headers = { traceparent: `00-${TRACE_ID}-${SPAN_ID}-01`, baggage: 'tenant=blue' };
  const from = { requestId: 'r-1', method: 'GET', target: '/', sourceIp: '', headers };
  const item: Record<string, string> = {};
  tracing.start(from).inject(item, {
    allow: new Set(['accept']),
    deny: new Set(['x-amzn-trace-id']),
  });
  expect(Object.keys(item)).toEqual(['traceparent']);
});

test('OTEL_PROPAGATORS chooses the headers', async () => {
  const { request } = await trace({ OTEL_PROPAGATORS: 'xray,b3' });
  expect(Object.keys(request('r-1'))).toEqual(['x-amzn-trace-id']);
});

test('failures are errors of the span that they are failures of', async () => {
  const traced = await trace();
  const { routerId, request, settle } = traced;
  for (const id of ['r-1', 'r-2', 'r-3', 'r-4']) request(id);
  channels.batchReleased.publish({ ...RELEASED, routerId });
  channels.invocationRetried.publish({
    routerId,
    batchId: 'b-1',
    functionArn: FUNCTION_ARN,
    attempt: 1,
    delayMs: 50,
    code: 'LPR_THROTTLED',
    error: new InvokeError('LPR_THROTTLED', 'Rate Exceeded.'),
  });
  channels.batchSettled.publish({ ...BATCH_SETTLED, routerId, failure: 'LPR_FUNCTION_ERROR' });
  settle('r-1', { status: 502, failure: 'LPR_FUNCTION_ERROR' });
  settle('r-2', { status: 200, failure: 'LPR_FUNCTION_ERROR' });
  settle('r-3', { status: 404 });
  settle('r-4', { status: undefined, cancelled: 'in_flight' });
  const spans = await traced.exported();
  const [invocation] = spans('invoke hello');
  expect(invocation).toMatchObject({
    status: 2,
    attributes: { 'error.type': 'LPR_FUNCTION_ERROR' },
    events: [{ name: 'retry', attributes: { 'error.type': 'LPR_THROTTLED' } }],
  });
  expect(
    spans('GET /hello/{id}').map(({ status, attributes }) => [
      status,
      attributes['error.type'],
      attributes['lpr.request.cancelled'],
    ]),
  ).toEqual([
    [2, 'LPR_FUNCTION_ERROR', undefined],
    [2, 'LPR_FUNCTION_ERROR', undefined],
    [0, undefined, undefined],
    [0, undefined, 'in_flight'],
  ]);
});

test('a request without a route is named by its method, and an unknown method by none', async () => {
  const traced = await trace();
  traced.request('r-1');
  traced.request('r-2', {}, 'BREW');
  const unmatched = { ...UNINVOKED, routerId: traced.routerId, route: '*', status: 404 };
  channels.requestSettled.publish(unmatched);
  channels.requestSettled.publish({ ...unmatched, requestId: 'r-2', method: 'BREW' });
  const spans = await traced.exported();
  expect(spans('GET')[0]?.attributes).not.toHaveProperty('http.route');
  expect(spans('HTTP')[0]?.attributes).toMatchObject({
    'http.request.method': '_OTHER',
    'http.request.method_original': 'BREW',
  });
});

test('requests of other routers are not traced', async () => {
  const traced = await trace();
  traced.request('r-1');
  channels.requestSettled.publish({ ...SETTLED, routerId: 'another', status: 500 });
  traced.settle('r-1');
  const spans = (await traced.exported())('GET /hello/{id}');
  expect(spans.map(({ attributes }) => attributes['http.response.status_code'])).toEqual([200]);
});
