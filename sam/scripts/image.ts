import { findAccount } from './account.ts';
import { writeImageRecord } from './image-record.ts';
import { ask, root, show } from './programs.ts';
import { oneOf, runScript } from './script.ts';

const USAGE = `Usage: npm run image [-- OPTIONS]

Builds the router's image and pushes it to a private ECR repository, which it makes if there is none.
\`npm run deploy\` then takes this image.

Options:
  --repository NAME  default: lpr-router
  --platform NAME    linux/amd64 (default), or linux/arm64, which only Fargate can run, for a fifth less
  --help             print this
`;

/** What CloudFormation calls the processors that Docker names. */
const ARCHITECTURES = { 'linux/amd64': 'X86_64', 'linux/arm64': 'ARM64' } as const;
const PLATFORMS = ['linux/amd64', 'linux/arm64'] as const;

const options = {
  repository: { type: 'string', default: 'lpr-router' },
  platform: { type: 'string', default: 'linux/amd64' },
} as const;

await runScript({ usage: USAGE, options }, async ({ values }) => {
  const { repository } = values;
  const platform = oneOf('--platform', PLATFORMS, values.platform);
  await ask('docker', ['info', '--format', '{{.ServerVersion}}'], 'a Docker engine that runs');
  const { id, region } = await findAccount();
  const { repositoryArn, repositoryUri } = await findOrMake(repository, region);

  const version = await revision();
  const tag = `${repositoryUri}:${version}`;
  const build = ['build', '--platform', platform, '--build-arg', `REVISION=${version}`, '--tag'];
  await show('docker', [...build, tag, '.'], { cwd: root });
  const registry = repositoryUri.split('/', 1)[0]!;
  const password = await ask('aws', ['ecr', 'get-login-password', '--region', region], 'a login');
  const login = ['login', '--username', 'AWS', '--password-stdin', registry];
  await show('docker', login, { input: password });
  await show('docker', ['push', tag]);

  // By digest: whatever is pushed under the tag later, a deployment is what it was.
  const format = ['inspect', '--format', '{{index .RepoDigests 0}}', tag];
  const ImageUri = await ask('docker', format, 'the digest of what was pushed');
  const Architecture = ARCHITECTURES[platform];
  await writeImageRecord({ ImageUri, ImageRepositoryArn: repositoryArn, Architecture });
  process.stdout.write(`Pushed ${ImageUri} to account ${id} in ${region}\n`);
});

/** The commit, and whether it is quite that; `unknown` where there is none, as in an unpacked archive. */
async function revision(): Promise<string> {
  const describe = ['describe', '--always', '--dirty', '--exclude', '*'];
  return ask('git', describe, 'a clone').catch(() => 'unknown');
}

async function findOrMake(name: string, region: string) {
  const common = ['--region', region, '--output', 'json'];
  const list = ['ecr', 'describe-repositories', ...common];
  const { repositories } = JSON.parse(await ask('aws', list, 'the repositories of ECR')) as {
    readonly repositories: readonly Repository[];
  };
  const found = repositories.find(({ repositoryName }) => repositoryName === name);
  if (found !== undefined) return found;
  const scan = ['--image-scanning-configuration', 'scanOnPush=true'];
  const make = ['ecr', 'create-repository', '--repository-name', name, ...scan, ...common];
  const { repository } = JSON.parse(await ask('aws', make, 'a new repository')) as {
    readonly repository: Repository;
  };
  return repository;
}

interface Repository {
  readonly repositoryName: string;
  readonly repositoryArn: string;
  readonly repositoryUri: string;
}
