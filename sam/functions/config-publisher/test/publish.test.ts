import { createHash } from 'node:crypto';
import { loadConfig } from 'lpr-router';
import { describe, expect, test, vi } from 'vitest';
import { ARN, propertiesFor, specOf } from './manifests.ts';
import { useProvider } from './provider.ts';

const provider = useProvider();
const { lines } = provider;

describe('publishing a manifest', () => {
  test('writes it under its hash and says where', async () => {
    const cloudFormation = await provider.cloudFormation();
    const { Status, Data, PhysicalResourceId } = await cloudFormation.create(propertiesFor());
    const [key] = await provider.s3.keys('manifests');
    const sha256 = key?.slice('shop/config/'.length, -'.json'.length);
    expect({ Status, Data, PhysicalResourceId }).toEqual({
      Status: 'SUCCESS',
      Data: {
        ConfigS3Uri: `s3://manifests/${key}`,
        ConfigKey: key,
        ConfigSha256: sha256,
        BucketName: 'manifests',
        Prefix: 'shop/',
      },
      PhysicalResourceId: 'lpr-config-publisher:manifests:shop/',
    });
    const text = JSON.stringify(await provider.s3.read('manifests', key!));
    expect(createHash('sha256').update(text).digest('hex')).toBe(sha256);
  });

  test('the router loads it, numbers and all', async () => {
    const cloudFormation = await provider.cloudFormation();
    const RouterConfig = {
      MaxInflightRequests: 7,
      TrustedProxies: 1,
      ForwardHeaders: { Deny: ['cookie'] },
    };
    const { Data } = await cloudFormation.create(propertiesFor('/a', { RouterConfig, Port: 9090 }));
    expect(await loadConfig(String(Data?.['ConfigS3Uri']))).toMatchObject({
      listen: { host: '0.0.0.0', port: 9090 },
      maxInflightRequests: 7,
      operations: [{ path: '/a', functionArn: ARN, maxWaitMs: 10, maxBatchSize: 4 }],
    });
  });

  test.each([
    ['port 8080 of every address', {}, '0.0.0.0:8080'],
    ['`Port` of every address', { Port: 3000 }, '0.0.0.0:3000'],
    ['what `RouterConfig` says', { Port: 3000, RouterConfig: { ListenAddr: '[::]:1' } }, '[::]:1'],
  ])('the router listens at %s', async (_, more, expected) => {
    const cloudFormation = await provider.cloudFormation();
    const { Data } = await cloudFormation.create(propertiesFor('/a', more));
    const manifest = await provider.s3.read('manifests', Data?.['ConfigKey']);
    expect(manifest).toHaveProperty('ListenAddr', expected);
  });

  test('the same manifest has the same hash, in whatever order and as whatever type it is written', async () => {
    const cloudFormation = await provider.cloudFormation();
    const lpr = { maxWaitMs: 10, maxBatchSize: 4 };
    const one = await cloudFormation.create(
      propertiesFor('/a', { Spec: specOf('/a', lpr) }),
      'One',
    );
    const swapped = { maxBatchSize: '4', maxWaitMs: '10' };
    const two = await cloudFormation.create(
      propertiesFor('/a', { Spec: specOf('/a', swapped) }),
      'Two',
    );
    expect(two.Data?.['ConfigSha256']).toBe(one.Data?.['ConfigSha256']);
    const other = { ...lpr, maxWaitMs: 11 };
    const three = await cloudFormation.create(
      propertiesFor('/a', { Spec: specOf('/a', other) }),
      'Three',
    );
    expect(three.Data?.['ConfigSha256']).not.toBe(one.Data?.['ConfigSha256']);
  });

  test.each([
    ['its own by default', { Prefix: undefined }, 'lpr/shop/Manifest/'],
    ['none', { Prefix: '' }, ''],
    ['given a slash at its end, and none at its beginning', { Prefix: ' /a/b ' }, 'a/b/'],
  ])('the prefix is %s', async (_, more, expected) => {
    const cloudFormation = await provider.cloudFormation();
    const { Data } = await cloudFormation.create(propertiesFor('/a', more));
    expect(Data).toMatchObject({ Prefix: expected });
    expect(Data?.['ConfigKey']).toBe(`${expected}config/${Data?.['ConfigSha256']}.json`);
  });

  test("CloudFormation's own properties are none of the resource's", async () => {
    const cloudFormation = await provider.cloudFormation();
    const answer = await cloudFormation.create(propertiesFor('/a', { ServiceTimeout: 600 }));
    expect(answer.Status).toBe('SUCCESS');
  });

  test('the longest prefix leaves room for the answer', async () => {
    const cloudFormation = await provider.cloudFormation();
    const stackId = cloudFormation.stackId.replace('shop', 's'.repeat(128));
    const answer = { LogicalResourceId: 'M'.repeat(255), StackId: stackId };
    const bucket = 'b'.repeat(63);
    await provider.s3.makeBucket(bucket);
    const more = { BucketName: bucket, Prefix: `${'p'.repeat(511)}/` };
    const { Status } = await cloudFormation.create(propertiesFor('/a', more));
    expect(Status).toBe('SUCCESS');
    const room = 4096 - cloudFormation.arrivals[0]!.bytes;
    expect(room).toBeGreaterThan(JSON.stringify(answer).length);
    await cloudFormation.create(
      propertiesFor('/a', { ...more, Prefix: 'p'.repeat(512) }),
      'TooLong',
    );
    expect(cloudFormation.arrivals[1]?.answer.Reason).toContain('Prefix: expected at most 512');
  });

  test("the bucket is that of the function's stack by default", async () => {
    vi.stubEnv('LPR_CONFIG_BUCKET', 'manifests');
    const cloudFormation = await provider.cloudFormation();
    const { Data } = await cloudFormation.create({ Spec: specOf() });
    expect(Data).toMatchObject({ BucketName: 'manifests' });
  });
});

describe('a refused manifest', () => {
  test('fails the deployment with a line for each problem, named as in the template', async () => {
    const cloudFormation = await provider.cloudFormation();
    const { Status, Reason } = await cloudFormation.create(
      propertiesFor('/a', {
        RouterConfig: { MaxInflightRequest: 7, Spec: {} },
        Spec: specOf('/a', { maxWaitMs: -1, maxBatchSize: 'many' }),
      }),
    );
    expect(Status).toBe('FAILED');
    expect(Reason?.split('\n')).toEqual([
      'Expected a valid manifest, got 4 problems:',
      'Manifest: RouterConfig.Spec: expected `Spec` beside `RouterConfig`, got it inside',
      'Manifest: Spec.paths./a.get.x-lpr.maxWaitMs: expected an integer >= 0, got `-1` (string)',
      'Manifest: Spec.paths./a.get.x-lpr.maxBatchSize: expected an integer >= 1, got `many` (string)',
      'Manifest: RouterConfig.MaxInflightRequest: expected a known key, got `MaxInflightRequest`; did you mean `MaxInflightRequests`?',
    ]);
    expect(await provider.s3.keys('manifests')).toEqual([]);
  });

  test.each([
    ['no bucket', { Spec: {} }, 'BucketName: expected a text, got nothing'],
    [
      'a port that is none',
      propertiesFor('/a', { Port: 'http' }),
      'Port: expected an integer >= 1, got `http` (string)',
    ],
    ['no routes', { BucketName: 'manifests' }, 'Spec: expected a mapping, got nothing'],
    [
      'a prefix that is none',
      propertiesFor('/a', { Prefix: 'a b' }),
      'Prefix: expected at most 512 characters of ASCII, without spaces, quotes and backslashes, got `a b` (string)',
    ],
    [
      'a misspelt property',
      { ...propertiesFor(), prefix: 'a' },
      'prefix: expected a known key, got `prefix`; did you mean `Prefix`?',
    ],
  ])('%s is told as it stands', async (_, properties, expected) => {
    const cloudFormation = await provider.cloudFormation();
    const { Reason } = await cloudFormation.create(properties);
    expect(Reason).toBe(
      `Expected a valid set of properties, got 1 problem:\nManifest: ${expected}`,
    );
  });

  test('fits into what CloudFormation takes, and tells what is left out, which is in the log', async () => {
    const cloudFormation = await provider.cloudFormation();
    const paths = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`/${'a'.repeat(30)}${index}`, { get: {} }]),
    );
    const { Reason } = await cloudFormation.create(propertiesFor('/a', { Spec: { paths } }));
    const [creation] = cloudFormation.arrivals;
    expect(creation?.bytes).toBeLessThanOrEqual(4096);
    expect(creation?.bytes).toBeGreaterThan(3700);
    const shown = Reason!.split('\n').length - 2;
    expect(Reason).toContain('got 400 problems:\n');
    expect(Reason).toMatch(new RegExp(`\n… and ${400 - shown} more, in the log stream stream$`));
    const logged = lines.map((line) => JSON.parse(line) as { level: string; message: string });
    expect(logged.find(({ level }) => level === 'error')?.message.split('\n')).toHaveLength(400);
  });

  test('a bucket that is not there is told in the words of S3', async () => {
    const cloudFormation = await provider.cloudFormation();
    const { Reason } = await cloudFormation.create(propertiesFor('/a', { BucketName: 'nowhere' }));
    expect(Reason).toMatch(
      /^Expected to write `s3:\/\/nowhere\/shop\/config\/[\da-f]{64}\.json`, got no such bucket \(NoSuchBucket\)$/,
    );
  });

  test('a bucket that may not be written is told with its status', async () => {
    const cloudFormation = await provider.cloudFormation();
    await provider.s3.deny('manifests', 's3:PutObject');
    const { Reason } = await cloudFormation.create(propertiesFor('/a'));
    expect(Reason).toMatch(/^Expected to write `s3:.*`, got no permission \(HTTP 403\)$/);
  });
});
