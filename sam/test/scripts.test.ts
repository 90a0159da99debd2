import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startS3Server } from '../../router/test/config/s3-server.ts';
import type { S3Server } from '../../router/test/config/s3-server.ts';
import { ENVIRONMENT } from './support/python-program.ts';
import { SAM } from './support/templates.ts';

const run = promisify(execFile);
let aws: S3Server;

beforeAll(async () => {
  aws = await startS3Server();
});
afterAll(() => aws.stop());

/** An empty home, with stand-ins for programs that write down how they were called. */
async function home(programs: Readonly<Record<string, string>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'lpr-scripts-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const calls = join(folder, 'calls');
  await writeFile(calls, '');
  for (const [name, script] of Object.entries(programs)) {
    const file = join(folder, name);
    await writeFile(file, `#!/bin/sh\necho "${name} $*" >> '${calls}'\n${script}\n`);
    await chmod(file, 0o755);
  }
  return { folder, calls: async () => (await readFile(calls, 'utf8')).trim().split('\n') };
}

interface Run {
  readonly folder: string;
  readonly path?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a script of the folder `sam/scripts` with nothing of this machine's AWS settings. */
async function script(name: string, args: readonly string[], { folder, path = [], env }: Run) {
  const child = spawn(process.execPath, [join(SAM, 'scripts', `${name}.ts`), ...args], {
    cwd: SAM,
    env: {
      HOME: folder,
      PATH: [folder, ...path].join(delimiter),
      AWS_EC2_METADATA_DISABLED: 'true',
      LPR_IMAGE_RECORD: join(folder, 'image.json'),
      ...env,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

const SYSTEM = ENVIRONMENT['PATH']!.split(delimiter);
const account = () => ({
  AWS_ENDPOINT_URL: aws.endpoint,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'eu-central-1',
});
const IMAGE = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/lpr-router@sha256:abc';

describe('a script refuses words that it does not know, with its usage', () => {
  it.each([
    ['image', ['--wat'], "Unknown option '--wat'"],
    ['image', ['twice'], "Unexpected argument 'twice'"],
    [
      'image',
      ['--platform', 'linux/s390x'],
      'Expected `--platform` to be one of linux/amd64, linux/arm64, got `linux/s390x`',
    ],
    [
      'deploy',
      ['--hosting', 'mars'],
      'Expected `--hosting` to be one of fargate, express, app-runner, got `mars`',
    ],
    [
      'deploy',
      ['VpcID=vpc-1'],
      /^Expected PARAMETER=VALUE with one of .*VpcId.*, got `VpcID=vpc-1`$/m,
    ],
    ['deploy', ['VpcId'], 'got `VpcId`'],
    ['delete', ['--stack'], "Option '--stack <value>' argument missing"],
  ])('%s %j', async (name, args, message) => {
    const { code, output } = await script(name, args, await home());
    expect(output).toMatch(message);
    expect(output).toContain(`\nUsage: npm run ${name}`);
    expect(output).not.toContain('    at ');
    expect(code).toBe(2);
  });
});

describe('a script says what it lacks', () => {
  it.each([
    ['image', 'docker'],
    ['deploy', 'sam'],
    ['delete', 'aws'],
  ])('%s: the program %s', async (name, program) => {
    const { code, output } = await script(name, [], {
      ...(await home()),
      env: { AWS_REGION: 'eu-central-1' },
    });
    expect(output).toMatch(new RegExp(`^Expected the program \`${program}\`, got none. It comes `));
    expect(code).toBe(1);
  });

  it('image: an engine', async () => {
    const { folder } = await home({ docker: 'echo "Cannot connect to the daemon" >&2; exit 1' });
    const { code, output } = await script('image', [], { folder, path: SYSTEM });
    expect(output).toBe('Expected a Docker engine that runs, got:\nCannot connect to the daemon\n');
    expect(code).toBe(1);
  });

  it.each(['deploy', 'delete'])('%s: a region', async (name) => {
    const { folder } = await home({ sam: '' });
    const { code, output } = await script(name, [], { folder, path: SYSTEM });
    expect(output).toBe('Expected a region, in AWS_REGION or by `aws configure`, got none\n');
    expect(code).toBe(1);
  });

  it.each(['deploy', 'delete'])('%s: credentials', async (name) => {
    const { folder } = await home({ sam: '' });
    const env = { AWS_REGION: 'eu-central-1' };
    const { code, output } = await script(name, [], { folder, path: SYSTEM, env });
    expect(output).toMatch(/^Expected credentials of an AWS account .*, got:\n.*credentials/is);
    expect(code).toBe(1);
  });

  it('deploy: an image', async () => {
    const { folder } = await home({ sam: '' });
    const { code, output } = await script('deploy', [], { folder, path: SYSTEM, env: account() });
    expect(output).toBe('Expected an image, by `npm run image` or `--image URI`, got none\n');
    expect(code).toBe(1);
  });
});

// Each call of the AWS CLI takes a second, and several on a busy machine.
describe('a script with an account', { timeout: 120_000 }, () => {
  it('image makes a repository once, builds, pushes, and deploy takes it by its digest', async () => {
    const docker = `case "$1" in login) cat > /dev/null;; inspect) echo '${IMAGE}';; esac`;
    const { folder, calls } = await home({ docker, sam: '' });
    const options = { folder, path: SYSTEM, env: account() };
    for (const platform of ['linux/amd64', 'linux/arm64']) {
      const { code, output } = await script('image', ['--platform', platform], options);
      expect(output).toContain(`Pushed ${IMAGE} to account 123456789012 in eu-central-1\n`);
      expect(code).toBe(0);
    }
    const registry = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
    const [, revision = ''] = /REVISION=(\S+)/.exec((await calls()).join('\n')) ?? [];
    expect(revision).toMatch(/^(?:[\da-f]{7,}(?:-dirty)?|unknown)$/);
    const tag = `${registry}/lpr-router:${revision}`;
    expect((await calls()).slice(1, 5)).toEqual([
      `docker build --platform linux/amd64 --build-arg REVISION=${revision} --tag ${tag} .`,
      `docker login --username AWS --password-stdin ${registry}`,
      `docker push ${tag}`,
      `docker inspect --format {{index .RepoDigests 0}} ${tag}`,
    ]);

    expect((await calls())[6]).toContain('docker build --platform linux/arm64 ');

    const args = ['--skip-build', '--hosting', 'fargate', 'AllowedCidr=10.0.0.0/8'];
    expect((await script('deploy', args, options)).code).toBe(0);
    expect((await calls()).at(-1)).toBe(
      'sam deploy --stack-name lpr-demo --region eu-central-1 --parameter-overrides ' +
        `ImageUri=${IMAGE} ImageRepositoryArn=arn:aws:ecr:eu-central-1:123456789012:repository/lpr-router ` +
        'Architecture=ARM64 Hosting=fargate AllowedCidr=10.0.0.0/8',
    );
  });

  it('delete asks for the stack before it is gone', async () => {
    const { folder, calls } = await home({ sam: '' });
    const { code, output } = await script('delete', [], { folder, path: SYSTEM, env: account() });
    expect(output).toMatch(/Expected a stack lpr-demo, got:\n.*does not exist/s);
    expect(code).toBe(1);
    expect(await calls()).toEqual(['']);
  });

  it('delete removes the stack, its layers, and the repository that is named', async () => {
    const env = { ...ENVIRONMENT, ...account(), AWS_DEFAULT_REGION: 'eu-central-1' };
    const cli = (...args: string[]) => run('aws', args, { env });
    await putObjects({ 'layer.zip': 'PK', 'inner.json': JSON.stringify(INNER) });
    const template = ['--template-body', JSON.stringify(OUTER)];
    await cli('cloudformation', 'create-stack', '--stack-name', 'lpr-demo', ...template);
    await cli('ecr', 'create-repository', '--repository-name', 'mine');

    const { folder, calls } = await home({ sam: '' });
    const options = { folder, path: SYSTEM, env: account() };
    const { code, output } = await script('delete', ['--repository', 'mine'], options);
    expect(output).toMatch(
      /\nDeleted lpr-demo-Bootstrap-\w+-LayerNode-\w+:1\nDeleted the repository mine\n$/,
    );
    expect(code).toBe(0);
    expect(await calls()).toEqual([
      'sam delete --no-prompts --stack-name lpr-demo --region eu-central-1',
    ]);
  });
});

/** A stack with a layer, within a stack, as the demo's is; moto names layers after their stack whatever they say. */
const INNER = {
  Resources: {
    LayerNode: {
      Type: 'AWS::Lambda::LayerVersion',
      Properties: {
        Content: { S3Bucket: 'inner', S3Key: 'layer.zip' },
      },
    },
  },
};
const OUTER = {
  Resources: {
    Bootstrap: {
      Type: 'AWS::CloudFormation::Stack',
      Properties: { TemplateURL: 'https://inner.s3.amazonaws.com/inner.json' },
    },
  },
};

async function putObjects(objects: Readonly<Record<string, string>>): Promise<void> {
  const client = new S3Client({
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
  await client.send(new CreateBucketCommand({ Bucket: 'inner' }));
  for (const [Key, Body] of Object.entries(objects)) {
    await client.send(new PutObjectCommand({ Bucket: 'inner', Key, Body }));
  }
  client.destroy();
}
