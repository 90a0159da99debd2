import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { watchConfig } from '../../src/config/watch.ts';
import { MINIMAL } from './manifests.ts';
import { startS3Server } from './s3-server.ts';
import type { S3Server } from './s3-server.ts';

let server: S3Server;
let client: S3Client;

beforeAll(async () => {
  server = await startS3Server();
  client = new S3Client({
    endpoint: server.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
  await client.send(
    new CreateBucketCommand({
      Bucket: 'manifests',
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    }),
  );
  const put = (Key: string, Body: string) =>
    client.send(new PutObjectCommand({ Bucket: 'manifests', Key, Body }));
  await put('prod/router one%?.yaml', MINIMAL);
  await put('bad.yaml', 'ListenAddr: here\n');
  return async () => {
    client.destroy();
    await server.stop();
  };
});

beforeEach(() => {
  vi.stubEnv('AWS_ENDPOINT_URL_S3', server.endpoint);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const message = (location: string) =>
  loadConfig(location).then(
    () => 'loaded',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('a manifest in S3', () => {
  test('is loaded by its key as it is written, and named in full', async () => {
    const location = 's3://manifests/prod/router one%?.yaml';
    expect(await loadConfig(location)).toMatchObject({
      source: location,
      operations: [{ path: '/hello' }],
    });
  });

  test('is checked like any other, with positions', async () => {
    expect(await message('s3://manifests/bad.yaml')).toContain(
      's3://manifests/bad.yaml:1:13: ListenAddr: expected',
    );
  });

  test.each([
    ['s3://manifests/none.yaml', 'a readable object, got nothing there (NoSuchKey)'],
    ['s3://nobody/router.yaml', 'a readable object, got no such bucket (NoSuchBucket)'],
    ['s3://manifests', '`s3://BUCKET/KEY`, got `s3://manifests`'],
    ['s3://manifests/', '`s3://BUCKET/KEY`, got `s3://manifests/`'],
    ['s3:///router.yaml', '`s3://BUCKET/KEY`, got `s3:///router.yaml`'],
  ])('%s is refused in one line', async (location, words) => {
    expect(await message(location)).toBe(`ConfigError: ${location}: location: expected ${words}`);
  });

  test.each([
    ['AWS_ACCESS_KEY_ID', 'AWS credentials, got none (CredentialsProviderError)'],
    ['AWS_REGION', 'an AWS region, such as AWS_REGION names, got none'],
  ])('%s is missed in one line', async (name, words) => {
    vi.stubEnv(name, undefined);
    expect(await message('s3://manifests/bad.yaml')).toBe(
      `ConfigError: s3://manifests/bad.yaml: location: expected ${words}`,
    );
  });

  test('an endpoint where nobody listens is told so', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_S3', 'http://127.0.0.1:1');
    expect(await message('s3://manifests/bad.yaml')).toContain('got ECONNREFUSED');
  });
});

describe('an endpoint with a name', () => {
  test('is asked for the bucket in the path, as a name of its own does not resolve', async () => {
    const asked: (string | undefined)[] = [];
    const named = createServer((request, response) => {
      asked.push(`${request.headers.host} ${request.url}`);
      response.writeHead(404).end();
    }).listen(0, 'localhost');
    onTestFinished(() => void named.close());
    await once(named, 'listening');
    const host = `localhost:${(named.address() as AddressInfo).port}`;
    vi.stubEnv('AWS_ENDPOINT_URL_S3', `http://${host}`);
    expect(await message('s3://manifests/a/b.yaml')).toContain('nothing there (NoSuchKey)');
    expect(asked).toEqual([`${host} /manifests/a/b.yaml?x-id=GetObject`]);
  });
});

describe('permission', () => {
  test('a bucket that denies its objects is told so', async () => {
    await client.send(
      new CreateBucketCommand({
        Bucket: 'closed',
        CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
      }),
    );
    const Statement = [
      { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::closed/*' },
    ];
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await client.send(new PutBucketPolicyCommand({ Bucket: 'closed', Policy }));
    expect(await message('s3://closed/router.yaml')).toContain(
      's3://closed/router.yaml: location: expected a readable object, got no permission to read it (HTTP 403',
    );
  });
});

describe('watching an object', () => {
  test('tells when it is another one, and when it is gone', async () => {
    const at = { Bucket: 'manifests', Key: 'watched.yaml' };
    const put = (Body: string) => client.send(new PutObjectCommand({ ...at, Body }));
    await put('one');
    let told = Promise.withResolvers<void>();
    const onChange = () => told.resolve();
    const watch = await watchConfig('s3://manifests/watched.yaml', onChange, { pollMs: 5 });
    onTestFinished(() => watch.close());
    await put('two');
    await told.promise;
    told = Promise.withResolvers();
    await client.send(new DeleteObjectCommand(at));
    await told.promise;
    expect(await message('s3://manifests/watched.yaml')).toContain('nothing there (NoSuchKey)');
  });
});

describe('the S3 client', () => {
  // A process of its own, because here the client is loaded already.
  const loadedModules = async (location: string) => {
    const program = `
      import { registerHooks } from 'node:module';
      let loaded = false;
      registerHooks({ resolve: (name, context, next) => {
        loaded ||= name === '@aws-sdk/client-s3';
        return next(name, context);
      } });
      const { loadConfig } = await import(${JSON.stringify(new URL('../../src/config/load.ts', import.meta.url))});
      await loadConfig(${JSON.stringify(location)}).catch(() => {});
      console.log(loaded);`;
    const args = ['--input-type=module', '--eval', program];
    return (await promisify(execFile)(process.execPath, args)).stdout.trim();
  };

  test('is loaded for a manifest in S3 only', async () => {
    expect(await loadedModules('s3://manifests/none.yaml')).toBe('true');
    expect(await loadedModules('./none.yaml')).toBe('false');
  });
});
