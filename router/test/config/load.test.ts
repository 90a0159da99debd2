import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkConfig, compileConfig, loadConfig } from '../../src/config/load.ts';
import { manifestFromObject, parseManifest } from '../../src/config/manifest.ts';
import { ConfigError } from '../../src/config/problem.ts';
import { ARN, EVERYTHING, MINIMAL, withLpr } from './manifests.ts';

const compile = (text: string) => compileConfig(parseManifest(text, 'router.yaml'));

describe('configuration', () => {
  test('the least manifest gets every default', () => {
    expect(compile(MINIMAL)).toEqual({
      source: 'router.yaml',
      listen: { host: '127.0.0.1', port: 3000 },
      adminListen: undefined,
      awsRegion: undefined,
      invoker: 'signed',
      maxInflightInvocations: 64,
      maxInflightRequests: 4096,
      maxPendingInvocations: 256,
      maxQueueDepthPerKey: 1000,
      idleTtlMs: 30_000,
      defaultTimeoutMs: 2000,
      keepAliveTimeoutMs: 65_000,
      streamIdleTimeoutMs: 30_000,
      drainDelayMs: 10_000,
      drainTimeoutMs: 30_000,
      maxBodyBytes: 1_048_576,
      maxInvokePayloadBytes: 6_291_456,
      maxRecordBytes: 8_388_608,
      clientBufferBytes: 4_194_304,
      forwardHeaders: { allow: undefined, deny: new Set() },
      trustedProxies: { type: 'none' },
      operations: [
        {
          method: 'GET',
          path: '/hello',
          operationId: undefined,
          functionArn: ARN,
          functionName: 'hello',
          qualifier: undefined,
          region: 'eu-west-1',
          maxWaitMs: 10,
          dynamicWait: undefined,
          maxBatchSize: 4,
          timeoutMs: 2000,
          invokeMode: 'buffered',
          payloadFormat: 'batch',
          maxInFlight: undefined,
          retryUnsent: 2,
          tenantHeader: undefined,
          key: [],
        },
      ],
    });
  });

  test('every key has its effect, numbers as text included', () => {
    expect(compile(EVERYTHING)).toEqual({
      source: 'router.yaml',
      listen: { host: '::1', port: 0 },
      adminListen: { host: '127.0.0.1', port: 9 },
      awsRegion: 'us-east-1',
      invoker: 'sdk',
      maxInflightInvocations: 8,
      maxInflightRequests: 9,
      maxPendingInvocations: 10,
      maxQueueDepthPerKey: 11,
      idleTtlMs: 12,
      defaultTimeoutMs: 500,
      keepAliveTimeoutMs: 7,
      streamIdleTimeoutMs: 13,
      drainDelayMs: 0,
      drainTimeoutMs: 14,
      maxBodyBytes: 1,
      maxInvokePayloadBytes: 2,
      maxRecordBytes: 3,
      clientBufferBytes: 4,
      forwardHeaders: { allow: new Set(['accept', 'x-a']), deny: new Set(['cookie']) },
      trustedProxies: { type: 'hops', hops: 2 },
      operations: [
        {
          method: 'ANY',
          path: '/hello/{id}',
          operationId: 'hello',
          functionArn: `${ARN}:live`,
          functionName: 'hello',
          qualifier: 'live',
          region: 'eu-west-1',
          maxWaitMs: 20,
          dynamicWait: {
            minWaitMs: 0,
            targetRps: 7.5,
            steepness: 0.5,
            samplingIntervalMs: 50,
            smoothingSamples: 3,
          },
          maxBatchSize: 2,
          timeoutMs: 100,
          invokeMode: 'response_stream',
          payloadFormat: 'batch',
          maxInFlight: 5,
          retryUnsent: 0,
          tenantHeader: 'x-account',
          key: [
            { source: 'header', name: 'x-tenant' },
            { source: 'query', name: 'Q' },
            { source: 'header', name: 'x-account' },
          ],
        },
      ],
    });
  });

  test('the default timeout is that of the manifest', () => {
    const text = withLpr('{ maxWaitMs: 1, maxBatchSize: 1 }', 'DefaultTimeoutMs: 77\n');
    expect(compile(text).operations[0]).toMatchObject({ timeoutMs: 77 });
  });

  test.each(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'])(
    '%s is a method',
    (key) => {
      const { operations } = compile(MINIMAL.replace('get:', `${key}:`));
      expect(operations).toMatchObject([{ method: key.toUpperCase() }]);
    },
  );

  test.each(['{}', '', '{ /a: }', '{ /a: {} }', '{ /a: { summary: later } }'])(
    'paths may be empty: %j',
    (paths) => {
      expect(compile(`ListenAddr: 127.0.0.1:0\nSpec: { paths: ${paths} }`).operations).toEqual([]);
    },
  );

  test('an empty list of allowed headers is not the same as none', () => {
    const { forwardHeaders } = compile(`ForwardHeaders: { Allow: [] }\n${MINIMAL}`);
    expect(forwardHeaders.allow).toEqual(new Set());
  });

  test('the address may be left out where the caller says so, but not be wrong', () => {
    const optional = { listenAddr: 'optional' } as const;
    const bare = { Spec: { paths: {} } };
    expect(compileConfig(manifestFromObject(bare), optional).listen).toBeUndefined();
    expect(checkConfig(manifestFromObject(bare)).problems).toHaveLength(1);
    const wrong = manifestFromObject({ ...bare, ListenAddr: 'here' });
    expect(checkConfig(wrong, optional).problems).toHaveLength(1);
  });

  test('an object is a configuration, too, and its problems have no position', () => {
    expect(() =>
      compileConfig(manifestFromObject({ ListenAddr: 3000, Spec: { paths: {} } })),
    ).toThrow(
      new ConfigError([
        {
          file: 'config',
          position: undefined,
          key: 'ListenAddr',
          expected: '`IP:port` or `[IPv6]:port`',
          got: '`3000` (number)',
        },
      ]),
    );
  });
});

describe('location of a configuration', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lpr-config-'));
    await writeFile(join(folder, 'router one.yaml'), MINIMAL);
    await writeFile(join(folder, 'bad.yaml'), 'a: [');
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('a path and a file:// URL lead to the same file', async () => {
    const path = join(folder, 'router one.yaml');
    const config = await loadConfig(path);
    expect(config).toMatchObject({ source: path, operations: [{ path: '/hello' }] });
    expect(await loadConfig(pathToFileURL(path).href)).toEqual(config);
  });

  test.each([
    [
      'missing.yaml',
      /missing\.yaml: location: expected a readable file, got nothing there \(ENOENT\)$/,
    ],
    ['', /: location: expected a readable file, got a directory \(EISDIR\)$/],
    ['bad.yaml', /bad\.yaml:1:\d+: syntax: expected YAML or JSON, got /],
  ])('%j is refused in one line', async (name, message) => {
    await expect(loadConfig(join(folder, name))).rejects.toThrow(message);
    await expect(loadConfig(join(folder, name))).rejects.toMatchObject({
      name: 'ConfigError',
      code: 'LPR_CONFIG_INVALID',
    });
  });

  test.each([
    ['ftp://host/x', 'ftp://host/x: location: expected a path, `file://` or `s3://`, got `ftp://`'],
    [
      'file://host/x',
      'file://host/x: location: expected a `file://` URL of a local file, got `file://host/x`',
    ],
  ])('%s is refused', async (location, message) => {
    await expect(loadConfig(location)).rejects.toMatchObject({
      message,
      code: 'LPR_CONFIG_INVALID',
    });
  });
});
