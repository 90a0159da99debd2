import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { INTRINSIC_TAGS } from '../../emulator/src/config/sam-yaml.ts';
import { runTool } from '../../adapter/layer/test/support/command.ts';
import { startS3Server } from '../../router/test/config/s3-server.ts';
import { LAYER_NAMES } from '../../scripts/release/layers.ts';
import { runPython } from './support/python-program.ts';
import { readTemplate, SAM } from './support/templates.ts';
import type { Section, Template } from './support/templates.ts';

const NAME = 'bootstrap/template.yaml';
const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const PUBLISHER = 'sam/functions/config-publisher/dist/index.mjs';

const read = async (path: string): Promise<Template> =>
  parse(await readFile(path, 'utf8'), { customTags: INTRINSIC_TAGS }) as Template;
const {
  Resources,
  Outputs = {},
  Metadata = {},
} = readTemplate(NAME) as Template & {
  readonly Metadata?: Section;
};

/** A copy of what the application consists of, with stand-ins for the layers, which take long to build. */
async function makeRepository(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'lpr-bootstrap-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const path of ['LICENSE', 'sam/bootstrap', PUBLISHER]) {
    await cp(join(REPOSITORY, path), join(root, path), { recursive: true });
  }
  const layers = join(root, 'adapter/layer/dist');
  await mkdir(layers, { recursive: true });
  for (const name of LAYER_NAMES)
    await writeFile(join(layers, `${name}.zip`), `stands for ${name}`);
  return root;
}

/** An S3 server with the bucket `application`. */
async function startBucket() {
  const server = await startS3Server();
  onTestFinished(() => server.stop());
  const client = new S3Client({
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
  onTestFinished(() => client.destroy());
  await client.send(new CreateBucketCommand({ Bucket: 'application' }));
  return {
    endpoint: server.endpoint,
    async read(url: unknown): Promise<Uint8Array> {
      const Key = String(url).replace('s3://application/', '');
      const { Body } = await client.send(new GetObjectCommand({ Bucket: 'application', Key }));
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    },
  };
}

/** `sam` with these words, which has to succeed. */
async function sam(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const { code, output } = await runPython('aws-sam-cli==1.*', 'sam', args, { env });
  expect(code, output).toBe(0);
}

describe('the bootstrap stack', () => {
  test('is built and packaged with the function, the layers, the license and the README as they are', async () => {
    const root = await makeRepository();
    const bucket = await startBucket();
    const [built, packaged] = [join(root, 'built'), join(root, 'packaged.yaml')];
    await sam(['build', '--template', join(root, 'sam', NAME), '--build-dir', built]);
    await sam(
      [
        'package',
        '--template-file',
        join(built, 'template.yaml'),
        '--s3-bucket',
        'application',
      ].concat(['--region', 'us-east-1', '--output-template-file', packaged]),
      { AWS_ENDPOINT_URL: bucket.endpoint },
    );
    const { Resources: uploaded, Metadata: about = {} } = (await read(packaged)) as Template & {
      readonly Metadata?: Record<string, Section>;
    };
    const contentOf = (name: string) => bucket.read(uploaded[name]?.Properties['ContentUri']);
    const code = join(root, 'code');
    const { CodeUri } = uploaded['ConfigPublisherFunction']!.Properties;
    await writeFile(`${code}.zip`, await bucket.read(CodeUri));
    await runTool('unzip', ['-q', `${code}.zip`, '-d', code], 'unzip');
    expect(await readdir(code)).toEqual(['index.mjs']);
    const shipped = await readFile(join(REPOSITORY, PUBLISHER));
    expect(shipped.equals(await readFile(join(code, 'index.mjs')))).toBe(true);
    const text = async (bytes: Promise<Uint8Array>) => Buffer.from(await bytes).toString();
    expect(await text(contentOf('LayerNode'))).toBe('stands for layer-node');
    expect(await text(contentOf('LayerUniversalX86'))).toBe('stands for layer-universal-x86_64');
    expect(await text(contentOf('LayerUniversalArm'))).toBe('stands for layer-universal-arm64');
    const { LicenseUrl, ReadmeUrl } = about['AWS::ServerlessRepo::Application'] ?? {};
    expect(await text(bucket.read(LicenseUrl))).toContain('MIT License');
    expect(await text(bucket.read(ReadmeUrl))).toContain('Custom::LprConfigPublisher');
  });

  test('says of itself what the Serverless Application Repository takes', async () => {
    const about = Metadata['AWS::ServerlessRepo::Application'] as Record<string, string>;
    expect(about['Name']).toMatch(/^[\dA-Za-z-]{1,140}$/);
    expect(about['Author']).toMatch(/^[a-z\d](?:(?:[a-z\d]|-(?!-))*[a-z\d])?$/);
    expect(about['Description']?.length).toBeLessThanOrEqual(256);
    expect(about['Labels']?.length).toBeLessThanOrEqual(10);
    for (const url of [about['LicenseUrl'], about['ReadmeUrl']]) {
      const file = resolve(dirname(join(SAM, NAME)), url ?? '');
      expect((await readFile(file)).length).toBeGreaterThan(100);
    }
    // `sam publish --semantic-version` gives it, so that it stands in one place only.
    expect(about['SemanticVersion']).toBeUndefined();
  });

  test('exports what other stacks use', () => {
    const exported = Object.values(Outputs).map((output) => (output as Section)['Export']);
    const names = Object.keys(Outputs).map((name) => ({
      Name: { 'Fn::Sub': `\${AWS::StackName}-${name}` },
    }));
    expect(exported).toEqual(names);
    expect(Object.keys(Outputs)).toEqual([
      'ConfigBucketName',
      'ConfigPublisherServiceToken',
      'LayerNodeArn',
      'LayerUniversalX86Arn',
      'LayerUniversalArmArn',
    ]);
  });

  test('has each layer that is built, and where to look it up without an import', () => {
    const layers = Object.entries(Resources).filter(
      ([, { Type }]) => Type === 'AWS::Serverless::LayerVersion',
    );
    const files = layers.map(([, { Properties }]) => Properties['ContentUri']);
    const expected = LAYER_NAMES.map((name) => `../../adapter/layer/dist/${name}.zip`);
    expect(files.toSorted()).toEqual(expected.toSorted());
    for (const [id] of layers) {
      expect(Resources[`${id}Parameter`]?.Properties['Value']).toEqual({ Ref: id });
    }
  });

  test("keeps its bucket to itself, and beyond the stack's end", () => {
    const bucket = Resources['ConfigBucket'] as Section | undefined;
    expect(bucket).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        VersioningConfiguration: { Status: 'Enabled' },
      },
    });
    // A manifest in use must not expire, however old it is.
    expect(JSON.stringify(bucket)).not.toMatch(/"Expiration/);
  });

  test('gives the function longer than the time that it keeps for its answer', () => {
    const { Timeout, Runtime, Handler } = Resources['ConfigPublisherFunction']!.Properties;
    expect(Timeout).toBeGreaterThanOrEqual(30);
    expect([Runtime, Handler]).toEqual(['nodejs24.x', 'index.handler']);
  });
});
