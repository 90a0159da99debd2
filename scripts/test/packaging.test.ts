import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = (name: string) => join(root, 'node_modules', '.bin', name);

/** An export of each entry, so that an import has something to show. */
const ENTRIES: Record<string, string> = {
  'lpr-protocol': 'NdjsonDecoder',
  'lpr-lambda-adapter': 'withBatchAdapter',
  'lpr-lambda-adapter/stream': 'withBatchAdapterStream',
  'lpr-lambda-adapter/invoke-store': 'itemStore',
  'lpr-router': 'createRouter',
  'lpr-emulator': 'startEmulator',
  'lpr-testkit': 'fakeInvoker',
};
const WORKSPACES = ['protocol', 'adapter', 'router', 'emulator', 'testkit'];

let folder: string;
let tarballs: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lpr-pack-'));
  const workspaces = WORKSPACES.map((name) => `--workspace=${name}`);
  await run('npm', ['pack', '--pack-destination', folder, '--loglevel=error', ...workspaces], {
    cwd: root,
  });
  tarballs = (await readdir(folder)).map((name) => join(folder, name));
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** An empty project with these tarballs installed. */
async function project(name: string, packages: readonly string[], strictness: object) {
  const cwd = join(folder, name);
  await mkdir(cwd);
  await writeFile(join(cwd, 'package.json'), '{"private":true}');
  await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...packages], {
    cwd,
  });
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: 'es2023',
    module: 'nodenext',
    types: [],
    ...strictness,
  };
  await writeFile(join(cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  return cwd;
}

const esm = (entries: [string, string][]) =>
  entries
    .map(([entry, name], index) => `import { ${name} as e${index} } from '${entry}';`)
    .join('\n') +
  `\nconst all: unknown[] = [${entries.map((_, index) => `e${index}`).join()}];\n` +
  `if (!all.every((one) => typeof one === 'function')) throw new Error('missing');\n`;

describe('the packages, packed and installed into an empty project', () => {
  it('import from ESM and CommonJS, with types, and bring their programs', async () => {
    const cwd = await project('all', tarballs, { skipLibCheck: true });
    const entries = Object.entries(ENTRIES);
    await writeFile(join(cwd, 'esm.mts'), esm(entries));
    await writeFile(join(cwd, 'cjs.cts'), esm(entries));
    await run(bin('tsc'), ['--noEmit', 'false', '--skipLibCheck'], { cwd });
    await run(bin('node'), ['esm.mjs'], { cwd });
    await run(bin('node'), ['cjs.cjs'], { cwd });
    for (const program of ['lpr-router', 'lpr-emulator']) {
      const { stdout } = await run(bin('node'), [join('node_modules/.bin', program), '--help'], {
        cwd,
      });
      expect(stdout).toContain(`Usage: ${program}`);
    }
  }, 240_000);

  it('leave the adapter without dependencies and sound for a project that checks libraries', async () => {
    const adapter = tarballs.find((path) => path.includes('lpr-lambda-adapter'))!;
    const cwd = await project('adapter', [adapter], { skipLibCheck: false });
    expect(await readdir(join(cwd, 'node_modules'))).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/^(?!lpr-lambda-adapter$|\.)/)]),
    );
    const use = `import { withBatchAdapter } from 'lpr-lambda-adapter';
import { withBatchAdapterStream } from 'lpr-lambda-adapter/stream';
export const a = withBatchAdapter(async (event) => ({ statusCode: 200, body: event.rawPath }));
export const b = withBatchAdapterStream(async (event) => ({ statusCode: 200, body: event.rawPath }));
`;
    await writeFile(join(cwd, 'use.mts'), use);
    await writeFile(join(cwd, 'use.cts'), use);
    const { stdout } = await run(bin('tsc'), [], { cwd });
    expect(stdout).toBe('');
  }, 120_000);

  it('have exports that every resolver understands', async () => {
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const tarball of tarballs) {
      const { stdout } = await run(bin('attw'), [tarball, '--format', 'json'], {
        maxBuffer: 1e8,
      }).catch((error: { stdout: string }) => error);
      const { problems } = JSON.parse(stdout) as { problems?: unknown };
      expect(problems ?? {}, tarball).toEqual({});
    }
    for (const name of WORKSPACES) {
      const { stdout } = await run(bin('publint'), ['--strict', join(root, name)]);
      expect(stdout, name).toContain('All good!');
    }
  }, 120_000);
});
