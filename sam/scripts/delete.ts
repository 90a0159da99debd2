import { findAccount } from './account.ts';
import { ask, show } from './programs.ts';
import { runScript } from './script.ts';

const USAGE = `Usage: npm run delete [-- OPTIONS]

Deletes the demo stack, and the layers that CloudFormation leaves behind.

Options:
  --stack NAME       default: lpr-demo
  --repository NAME  delete this ECR repository and its images as well
  --help             print this
`;

const options = {
  stack: { type: 'string', default: 'lpr-demo' },
  repository: { type: 'string' },
} as const;

await runScript({ usage: USAGE, options }, async ({ values }) => {
  const { stack, repository } = values;
  const { id, region } = await findAccount();
  process.stdout.write(`Deleting ${stack} in account ${id}, ${region} …\n`);
  // The layers are named after the nested stack, which nobody can ask once it is gone.
  const layers = await layersOf(stack, region);
  await show('sam', ['delete', '--no-prompts', '--stack-name', stack, '--region', region]);
  for (const name of layers) await deleteLayer(name, region);
  if (repository !== undefined) {
    const erase = ['ecr', 'delete-repository', '--force', '--repository-name', repository];
    await ask('aws', [...erase, '--region', region], `to delete the repository ${repository}`);
    process.stdout.write(`Deleted the repository ${repository}\n`);
  }
});

/** Names of the layers that the stack within the stack has made, of every deployment. */
async function layersOf(stack: string, region: string): Promise<readonly string[]> {
  const describe = ['cloudformation', 'describe-stack-resources', '--stack-name', stack];
  const nested = ['--logical-resource-id', 'Bootstrap', '--output', 'text', '--region', region];
  const query = ['--query', 'StackResources[0].PhysicalResourceId'];
  const arn = await ask('aws', [...describe, ...nested, ...query], `a stack ${stack}`);
  // arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/ID. The name is no other stack's, and layers begin with it.
  const name = arn.split('/')[1] ?? arn;
  const ours = `Layers[?starts_with(LayerName, '${name}-')].LayerName`;
  const list = ['lambda', 'list-layers', '--query', ours, '--output', 'json', '--region', region];
  return JSON.parse(await ask('aws', list, 'the layers of the account')) as string[];
}

async function deleteLayer(name: string, region: string): Promise<void> {
  const layer = ['--layer-name', name, '--region', region];
  const query = ['--query', 'LayerVersions[].Version', '--output', 'json'];
  const list = ['lambda', 'list-layer-versions', ...layer, ...query];
  for (const version of JSON.parse(await ask('aws', list, `versions of ${name}`)) as number[]) {
    const erase = ['lambda', 'delete-layer-version', ...layer, '--version-number', String(version)];
    await ask('aws', erase, `to delete version ${version} of ${name}`);
    process.stdout.write(`Deleted ${name}:${version}\n`);
  }
}
