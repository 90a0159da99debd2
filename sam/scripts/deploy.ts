import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { findAccount } from './account.ts';
import { readImageRecord } from './image-record.ts';
import { ask, NotReadyError, root, SAM, show } from './programs.ts';
import { oneOf, runScript, UsageError } from './script.ts';

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

const HOSTING = ['fargate', 'express', 'app-runner'] as const;

const options = {
  stack: { type: 'string', default: 'lpr-demo' },
  hosting: { type: 'string', default: 'fargate' },
  image: { type: 'string' },
  'build-only': { type: 'boolean', default: false },
  'skip-build': { type: 'boolean', default: false },
} as const;

await runScript(
  { usage: USAGE, options, allowPositionals: true },
  async ({ values, positionals }) => {
    const Hosting = oneOf('--hosting', HOSTING, values.hosting);
    checkParameters(positionals);
    await ask('sam', ['--version'], 'the SAM CLI');
    if (values['build-only']) {
      await build();
      return;
    }

    // What takes long comes after all that could be missing.
    const { id, region } = await findAccount();
    const parameters = { ...(await imageOf(values.image)), Hosting };
    if (!values['skip-build']) await build();
    const overrides = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
    process.stdout.write(`Deploying ${values.stack} to account ${id} in ${region} …\n`);
    const where = ['--stack-name', values.stack, '--region', region];
    await show('sam', ['deploy', ...where, '--parameter-overrides', ...overrides, ...positionals]);
  },
);

/** The SAM CLI passes over parameters that the template does not have, without a word. */
function checkParameters(words: readonly string[]): void {
  const text = readFileSync(join(SAM, 'template.yaml'), 'utf8');
  // Only names are looked at, so that CloudFormation's short forms may stay what they are.
  const { Parameters } = parse(text, { logLevel: 'error' }) as { Parameters: object };
  const known = Object.keys(Parameters);
  for (const word of words) {
    const [name = '', value] = word.split('=', 2);
    if (value !== undefined && known.includes(name)) continue;
    throw new UsageError(
      `Expected PARAMETER=VALUE with one of ${known.join(', ')}, got \`${word}\``,
    );
  }
}

async function imageOf(uri: string | undefined): Promise<Record<string, string>> {
  if (uri !== undefined) return { ImageUri: uri };
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
