import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findAccount } from './account.ts';
import { readImageRecord } from './image-record.ts';
import { ask, NotReadyError, root, runScript, show } from './programs.ts';

const USAGE = `Usage: npm run deploy [-- OPTIONS] [PARAMETER=VALUE ...]

Builds the demo stack (sam/template.yaml) and deploys it with the image of \`npm run image\`.

Options:
  --stack NAME    default: lpr-demo
  --hosting NAME  fargate (default), express or app-runner
  --image URI     another image, such as a public one
  --build-only    stop when everything is built and checked; needs no account
  --skip-build    deploy what was built before
  --help          print this
`;

const LAYERS = ['layer-node', 'layer-universal-x86_64', 'layer-universal-arm64'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stack: { type: 'string', default: 'lpr-demo' },
    hosting: { type: 'string', default: 'fargate' },
    image: { type: 'string' },
    'build-only': { type: 'boolean', default: false },
    'skip-build': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

await runScript(values.help ? USAGE : undefined, async () => {
  await ask('sam', ['--version'], 'the SAM CLI');
  if (values['build-only']) {
    await build();
    return;
  }

  // What takes long comes after all that could be missing.
  const { id, region } = await findAccount();
  const parameters = { ...(await image()), Hosting: values.hosting };
  if (!values['skip-build']) await build();
  const overrides = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  process.stdout.write(`Deploying ${values.stack} to account ${id} in ${region} …\n`);
  const where = ['--stack-name', values.stack, '--region', region];
  await show('sam', ['deploy', ...where, '--parameter-overrides', ...overrides, ...positionals]);
});

async function image(): Promise<Record<string, string>> {
  if (values.image !== undefined) return { ImageUri: values.image };
  const record = await readImageRecord();
  if (record === undefined) {
    throw new NotReadyError('Expected an image, by `npm run image` or `--image URI`, got none');
  }
  return { ...record };
}

async function build(): Promise<void> {
  await show('npm', ['run', 'build', '--silent'], { cwd: root });
  const missing = LAYERS.filter(
    (name) => !existsSync(join(root, 'adapter/layer/dist', `${name}.zip`)),
  );
  if (missing.length > 0) {
    await show('npm', ['run', 'build:layer', '--silent', '--', ...missing], { cwd: root });
  }
  const region = process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  await show('sam', ['validate', '--lint', '--region', region]);
  await show('sam', ['build', '--region', region]);
}
