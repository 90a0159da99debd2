import type { BatchEvent } from 'lpr-protocol';
import { answerBatch } from 'lpr-testkit';
import { expect, test } from 'vitest';
import { operation } from '../support/router.ts';
import { startHttpReceiver } from '../telemetry/otlp-receiver.ts';
import { startProgramRouter } from './program-router.ts';

const SECRET = 'do-not-tell';
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const CLIENT_SPAN = 'b7ad6b7169203331';
const rules = { maxWaitMs: 20_000, maxBatchSize: 2, timeoutMs: 25_000 };
const paths = { '/hello/{id}': { post: operation(rules), get: operation(rules) } };

/** Answers each item, but those of the id `missing`, with its id and a secret. */
const answer = (event: BatchEvent) => {
  const batch = event.batch.filter(({ pathParameters }) => pathParameters?.['id'] !== 'missing');
  const created = { statusCode: 201, headers: { 'x-secret': SECRET }, body: SECRET };
  return answerBatch({ ...event, batch }, created);
};

const post = (url: string, id: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/hello/${id}?${SECRET}`, {
    method: 'POST',
    body: SECRET,
    headers: { 'x-secret': SECRET, 'x-request-id': `client-${id}`, ...headers },
  });

const linesOf = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('each request is one line of JSON on standard output, without values of headers or bodies', async () => {
  const { url, signal, ended } = await startProgramRouter({ paths, answer });
  const answers = await Promise.all([post(url, '7'), post(url, 'missing')]);
  expect(answers.map(({ status }) => status)).toEqual([201, 502]);
  expect((await fetch(`${url}/${SECRET}`)).status).toBe(404);
  await fetch(`${url}/healthz`);
  signal('SIGINT');
  const { exitCode, out } = await ended;
  expect(exitCode).toBe(0);
  expect(out).not.toContain(SECRET);
  const lines = linesOf(out).filter(({ msg }) => msg === 'request');
  expect(lines).toHaveLength(3);
  const ofClient = (id: string) => lines.find(({ clientRequestId }) => clientRequestId === id);
  const shared = {
    level: 30,
    requestId: expect.stringMatching(/^r-[0-9a-f-]{36}$/),
    method: 'POST',
    route: '/hello/{id}',
    batchId: expect.stringMatching(/^b-[0-9a-f-]{36}$/),
    batchSize: 2,
    releaseReason: 'full',
    waitMs: expect.any(Number),
    upstreamMs: expect.any(Number),
    totalMs: expect.any(Number),
    bytesIn: SECRET.length,
    sourceIp: '127.0.0.1',
  };
  expect(ofClient('client-7')).toMatchObject({ ...shared, status: 201, bytesOut: SECRET.length });
  expect(ofClient('client-7')).not.toHaveProperty('failure');
  expect(ofClient('client-missing')).toMatchObject({
    ...shared,
    status: 502,
    failure: 'LPR_MISSING_RESPONSE',
  });
  expect(ofClient('client-7')?.['batchId']).toBe(ofClient('client-missing')?.['batchId']);
  const unknown = lines.find(({ status }) => status === 404);
  expect(unknown).toMatchObject({ method: 'GET', route: '*', failure: 'LPR_ROUTE_NOT_FOUND' });
  expect(unknown).not.toHaveProperty('batchId');
});

test('a trace goes from the client through the router into each item, and its spans to the receiver', async () => {
  const receiver = await startHttpReceiver();
  const { url, events, signal, ended } = await startProgramRouter({
    paths,
    answer,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  const traceparent = `00-${TRACE_ID}-${CLIENT_SPAN}-01`;
  await Promise.all([post(url, '7', { traceparent }), post(url, '8')]);
  signal('SIGINT');
  expect((await ended).exitCode).toBe(0);

  const contexts = events[0]!.batch.map((item) => {
    const [, traceId, spanId] = item.headers['traceparent']!.split('-');
    expect(item.headers['x-amzn-trace-id']).toContain(`Parent=${spanId}`);
    return { id: item.pathParameters?.['id'], traceId, spanId };
  });
  expect(contexts.find(({ id }) => id === '7')?.traceId).toBe(TRACE_ID);
  const servers = receiver.spans.filter(({ name }) => name === 'POST /hello/{id}');
  expect(servers.map(({ spanId }) => spanId).toSorted()).toEqual(
    contexts.map(({ spanId }) => spanId).toSorted(),
  );
  const traced = servers.find(({ traceId }) => traceId === TRACE_ID);
  expect(traced).toMatchObject({
    parentSpanId: CLIENT_SPAN,
    kind: 2,
    attributes: { 'lpr.batch.size': 2, 'lpr.invoke.mode': 'buffered' },
  });
  expect(traced?.attributes).toHaveProperty('lpr.batch.wait_ms');
  const invocations = receiver.spans.filter(({ kind }) => kind === 3);
  expect(invocations).toHaveLength(1);
  expect(invocations[0]!.links.map(({ spanId }) => spanId).toSorted()).toEqual(
    servers.map(({ spanId }) => spanId).toSorted(),
  );
  for (const { links } of servers) {
    expect(links).toMatchObject([{ spanId: invocations[0]!.spanId }]);
  }
});
