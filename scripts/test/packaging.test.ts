import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectSuccess } from '../release/command.ts';
import {
  emptyProject,
  importProblems,
  installedNames,
  programProblems,
} from '../release/installed.ts';
import { readPackages, root } from '../release/packages.ts';
import { resolutionProblems } from '../release/resolution.ts';
import { pack, tarballProblems, type Tarball } from '../release/tarballs.ts';

/** Prints the types of what an emulator's inspector consists of. */
const INSPECT = `
(async () => {
  const options = { handler: 'app.mjs', host: '127.0.0.1', port: 0, inspector: true };
  const emulator = await startEmulator(options);
  const files = ['', '/page.js', '/page.css', '/icon.svg'];
  const answers = await Promise.all(files.map((file) => fetch(emulator.inspectorUrl + file)));
  console.log(answers.map(({ headers }) => headers.get('content-type').split(';')[0]).join(', '));
  await emulator.close();
})();
`;

let folder: string;
let tarballs: Tarball[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lpr-pack-'));
  tarballs = await pack(readPackages(), folder);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the packages, packed and installed into an empty project', () => {
  it('import from ESM and CommonJS, with types, and bring their programs', async () => {
    const project = await emptyProject(join(folder, 'all'), tarballs, { skipLibCheck: true });
    expect(await importProblems(project, tarballs)).toEqual([]);
    expect(await programProblems(project, tarballs)).toEqual([]);

    await writeFile(join(project, 'app.mjs'), 'export const handler = () => [];');
    for (const [name, load] of [
      ['page.mjs', "import { startEmulator } from 'lpr-emulator';"],
      ['page.cjs', "const { startEmulator } = require('lpr-emulator');"],
    ] as const) {
      await writeFile(join(project, name), `${load}${INSPECT}`);
      const types = await expectSuccess(process.execPath, [name], { cwd: project });
      expect(types).toBe('text/html, text/javascript, text/css, image/svg+xml\n');
    }
  }, 240_000);

  it('leave the adapter without dependencies and sound for a project that checks libraries', async () => {
    const adapter = tarballs.filter(({ folder }) => folder === 'adapter');
    const cwd = await emptyProject(join(folder, 'adapter'), adapter, { skipLibCheck: false });
    expect(await installedNames(cwd)).toEqual(['lpr-lambda-adapter']);
    const use = `import { withBatchAdapter } from 'lpr-lambda-adapter';
import { withBatchAdapterStream } from 'lpr-lambda-adapter/stream';
export const a = withBatchAdapter(async (event) => ({ statusCode: 200, body: event.rawPath }));
export const b = withBatchAdapterStream(async (event) => ({ statusCode: 200, body: event.rawPath }));
`;
    await writeFile(join(cwd, 'use.mts'), use);
    await writeFile(join(cwd, 'use.cts'), use);
    const options = { extends: './tsconfig.json', files: ['use.mts', 'use.cts'] };
    await writeFile(join(cwd, 'tsconfig.use.json'), JSON.stringify(options));
    const tsc = join(root, 'node_modules', '.bin', 'tsc');
    expect(await expectSuccess(tsc, ['-p', 'tsconfig.use.json'], { cwd })).toBe('');
  }, 120_000);

  it('have exports that every resolver understands', async () => {
    const problems = await Promise.all(tarballs.map(resolutionProblems));
    expect(problems.flat()).toEqual([]);
  }, 120_000);

  it('hold what they promise, and no sources or tests', () => {
    expect(tarballs.flatMap(tarballProblems)).toEqual([]);
  });
});
