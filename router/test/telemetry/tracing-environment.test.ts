import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { channels } from '../../src/telemetry/channels.ts';
import { startTracing } from '../../src/telemetry/start-tracing.ts';
import { BATCH_SETTLED, RELEASED, SETTLED } from './messages.ts';
import { startGrpcReceiver, startHttpReceiver } from './otlp-receiver.ts';

const run = promisify(execFile);
const silent = pino({ level: 'silent' });

function setEnvironment(variables: Record<string, string>): void {
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

/** Traces one batch of two requests under an environment and flushes. */
async function traceBatch(
  environment: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<void> {
  setEnvironment(environment);
  const routerId = randomUUID();
  const tracing = (await startTracing({ routerId, logger: silent }))!;
  for (const requestId of ['r-1', 'r-2']) {
    tracing.start({ requestId, method: 'GET', target: '/', sourceIp: '', headers });
  }
  channels.batchReleased.publish({ ...RELEASED, routerId });
  channels.batchSettled.publish({ ...BATCH_SETTLED, routerId });
  channels.requestSettled.publish({ ...SETTLED, routerId });
  channels.requestSettled.publish({ ...SETTLED, routerId, requestId: 'r-2' });
  await tracing.close();
}

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };

test.for<Record<string, string>>([
  {},
  { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' },
  { ...ENDPOINT, OTEL_SDK_DISABLED: 'true' },
  { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' },
])('tracing is off with %o', async (environment) => {
  setEnvironment(environment);
  expect(await startTracing({ routerId: 'router-1', logger: silent })).toBeUndefined();
});

test('nothing of OpenTelemetry is loaded while tracing is off', async () => {
  const entry = new URL('../../src/telemetry/start-tracing.ts', import.meta.url).href;
  const script = `
    import { registerHooks } from 'node:module';
    const imported = [];
    registerHooks({ resolve: (name, context, next) => (imported.push(name), next(name, context)) });
    const { startTracing } = await import(${JSON.stringify(entry)});
    const tracing = await startTracing({ routerId: 'router-1', logger: undefined });
    console.log(JSON.stringify({ imported, on: tracing !== undefined }));`;
  const args = ['--no-warnings', '--input-type=module', '--eval', script];
  const { stdout } = await run(process.execPath, args, {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  });
  expect(JSON.parse(stdout)).toEqual({ imported: [entry], on: false });
});

test('the endpoint of traces is taken as it is, the general one gets a path', async () => {
  const general = await startHttpReceiver();
  await traceBatch({ OTEL_EXPORTER_OTLP_ENDPOINT: general.url });
  expect(general.paths).toEqual(['/v1/traces']);
  const specific = await startHttpReceiver();
  await traceBatch({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${specific.url}/custom` });
  expect(specific.paths).toEqual(['/custom']);
});

test.for([
  ['http/protobuf', startHttpReceiver],
  ['grpc', startGrpcReceiver],
] as const)(
  'headers come from both variables over %s, the secret ones win',
  async ([protocol, start]) => {
    const receiver = await start();
    await traceBatch({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-plain=1,x-key=plain',
      LPR_OTEL_HEADERS_JSON: '{"X-Key":"secret"}',
    });
    expect(receiver.headers).toHaveLength(1);
    expect(receiver.headers[0]).toMatchObject({ 'x-plain': '1', 'x-key': 'secret' });
  },
);

test('exports are compressed when the environment says so', async () => {
  const receiver = await startHttpReceiver();
  await traceBatch({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
  });
  expect(receiver.headers[0]).toMatchObject({ 'content-encoding': 'gzip' });
  expect(receiver.spans).toHaveLength(3);
});

test('the service is `lpr-router` unless the environment names it', async () => {
  const receiver = await startHttpReceiver();
  const OTEL_EXPORTER_OTLP_ENDPOINT = receiver.url;
  await traceBatch({ OTEL_EXPORTER_OTLP_ENDPOINT });
  expect(receiver.spans[0]?.resource).toMatchObject({
    'service.name': 'lpr-router',
    'service.instance.id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'telemetry.sdk.language': 'nodejs',
  });
  receiver.spans.length = 0;
  await traceBatch({
    OTEL_EXPORTER_OTLP_ENDPOINT,
    OTEL_SERVICE_NAME: 'edge',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test,service.name=lost',
  });
  expect(receiver.spans[0]?.resource).toMatchObject({
    'service.name': 'edge',
    'deployment.environment.name': 'test',
  });
});

const SAMPLED = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
const UNSAMPLED = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00' };

test.for<[sampler: string, argument: string, headers: Record<string, string>, spans: number]>([
  ['always_on', '', UNSAMPLED, 3],
  ['always_off', '', SAMPLED, 0],
  ['traceidratio', '0', SAMPLED, 0],
  ['traceidratio', '1', UNSAMPLED, 3],
  ['parentbased_always_on', '', UNSAMPLED, 0],
  ['parentbased_always_off', '', SAMPLED, 3],
  ['parentbased_always_off', '', {}, 0],
  ['parentbased_traceidratio', '0', SAMPLED, 3],
  ['parentbased_traceidratio', '7', {}, 3],
  ['unheard_of', '', {}, 3],
])(
  'sampler %s (%s) decides for a batch with its requests',
  async ([name, argument, headers, spans]) => {
    const receiver = await startHttpReceiver();
    const environment = {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_TRACES_SAMPLER: name,
      OTEL_TRACES_SAMPLER_ARG: argument,
    };
    await traceBatch(environment, headers);
    expect(receiver.spans).toHaveLength(spans);
  },
);

test('a limit of links holds', async () => {
  const receiver = await startHttpReceiver();
  await traceBatch({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_SPAN_LINK_COUNT_LIMIT: '1',
  });
  expect(receiver.spans.find(({ kind }) => kind === 3)?.links).toHaveLength(1);
});

test('spans are exported in batches of the size that the environment sets', async () => {
  const receiver = await startHttpReceiver();
  await traceBatch({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '1',
  });
  expect(receiver.paths).toHaveLength(3);
});

test.for([
  ['{"authorization":', 'text that is not JSON'],
  ['["secret"]', 'an array'],
  ['null', 'null'],
  ['"secret"', 'a string'],
  ['{"authorization":1}', 'a value of `authorization` that cannot be sent'],
  ['{"authorization":"secret\\n"}', 'a value of `authorization` that cannot be sent'],
  ['{"not a name":"secret"}', 'a name that is not a header name'],
] as const)('LPR_OTEL_HEADERS_JSON=%s is refused without repeating it', async ([text, got]) => {
  setEnvironment({ ...ENDPOINT, LPR_OTEL_HEADERS_JSON: text });
  await expect(startTracing({ routerId: 'router-1', logger: silent })).rejects.toMatchObject({
    code: 'LPR_CONFIG_INVALID',
    message: `environment: LPR_OTEL_HEADERS_JSON: expected a JSON object of header names and text values, got ${got}`,
  });
});

test('an unknown protocol is refused', async () => {
  setEnvironment({ ...ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/xml' });
  await expect(startTracing({ routerId: 'router-1', logger: silent })).rejects.toThrow(
    'environment: OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: expected one of http/protobuf, http/json, grpc, got `http/xml`',
  );
});

test('a receiver that is not there fails nobody and is logged', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  setEnvironment({
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_EXPORTER_OTLP_TIMEOUT: '200',
  });
  const lines: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) });
  const tracing = (await startTracing({ routerId: 'router-1', logger }))!;
  tracing.start({ requestId: 'r-1', method: 'GET', target: '/', sourceIp: '', headers: {} });
  await tracing.close();
  expect(lines.join('')).toContain('traces were not exported');
});
