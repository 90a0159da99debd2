import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { command, expectSuccess } from './command.ts';
import { entriesOf, root } from './packages.ts';
import type { Tarball } from './tarballs.ts';

const tools = join(root, 'node_modules', '.bin');
/** Programs run on the Node.js that the repository pins. */
const env = { ...process.env, PATH: `${tools}${delimiter}${process.env['PATH']}` };

/** Cannot be imported outside of a test run: vitest has no `expect` there, and none for CommonJS. */
const ONLY_IN_TESTS = new Set(['lpr-testkit/vitest']);

/** An empty project with these tarballs, and what they name as peers, installed. */
export async function emptyProject(
  folder: string,
  tarballs: readonly Tarball[],
  compilerOptions: object,
): Promise<string> {
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  const peers = tarballs.flatMap(({ manifest }) =>
    Object.entries(manifest.peerDependencies ?? {}).map(([name, range]) => `${name}@${range}`),
  );
  const packages = [...tarballs.map(({ path }) => path), ...peers];
  const flags = ['--no-audit', '--no-fund', '--loglevel=error'];
  await expectSuccess('npm', ['install', ...flags, ...packages], { cwd: folder });
  const options = {
    strict: true,
    noEmit: true,
    target: 'es2023',
    module: 'nodenext',
    types: [],
    ...compilerOptions,
  };
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, files: [] }),
  );
  return folder;
}

/** Imports every entry from an ES module and from CommonJS, in TypeScript, and runs the result. */
export async function importProblems(
  project: string,
  tarballs: readonly Tarball[],
): Promise<string[]> {
  const entries = tarballs.flatMap(({ manifest }) => entriesOf(manifest));
  const problems = await Promise.all(
    (['mts', 'cts'] as const).map(async (extension) => {
      const typed = join(project, `types.${extension}`);
      await writeFile(typed, importing(entries));
      const tsconfig = join(project, `tsconfig.${extension}.json`);
      const files = [`types.${extension}`];
      await writeFile(tsconfig, JSON.stringify({ extends: './tsconfig.json', files }));
      const types = await command(join(tools, 'tsc'), ['-p', tsconfig], { cwd: project, env });
      if (types.code !== 0) return [`Types from .${extension}: ${types.output.trim()}`];

      const run = join(project, `run.${extension}`);
      await writeFile(run, importing(entries.filter((entry) => !ONLY_IN_TESTS.has(entry))));
      await writeFile(
        tsconfig,
        JSON.stringify({
          extends: './tsconfig.json',
          compilerOptions: { noEmit: false },
          files: [`run.${extension}`],
        }),
      );
      await expectSuccess(join(tools, 'tsc'), ['-p', tsconfig], { cwd: project, env });
      const emitted = run.replace(/ts$/, 'js');
      const imported = await command(join(tools, 'node'), [emitted], { cwd: project, env });
      return imported.code === 0 ? [] : [`Run as ${emitted}: ${imported.output.trim()}`];
    }),
  );
  return [...problems.flat(), ...(await testOnlyProblems(project, entries))];
}

/** Imports the entries that need a test run, in one. */
async function testOnlyProblems(project: string, entries: readonly string[]): Promise<string[]> {
  const wanted = entries.filter((entry) => ONLY_IN_TESTS.has(entry));
  if (wanted.length === 0) return [];
  const imports = wanted.map((entry) => `import '${entry}';`).join('\n');
  const test = `import { expect, test } from 'vitest';\n${imports}\ntest('matchers', () => expect([]).toHaveBatches(0));\n`;
  await writeFile(join(project, 'entry.test.mjs'), test);
  const vitest = join(project, 'node_modules', '.bin', 'vitest');
  const { code, output } = await command(vitest, ['run', '--root', project], { cwd: project, env });
  return code === 0 ? [] : [`In a test of vitest: ${output.trim()}`];
}

/** A program that fails where an entry exports nothing. */
function importing(entries: readonly string[]): string {
  return [
    ...entries.map((entry, index) => `import * as e${index} from '${entry}';`),
    'declare const console: { error(text: string): void };',
    'declare const process: { exitCode: number };',
    'const all: Record<string, object> = {',
    ...entries.map((entry, index) => `  '${entry}': e${index},`),
    '};',
    'for (const [name, exported] of Object.entries(all)) {',
    "  if (Object.keys(exported).filter((key) => key !== 'default').length > 0) continue;",
    "  console.error('Expected exports of `' + name + '`, got none');",
    '  process.exitCode = 1;',
    '}',
    '',
  ].join('\n');
}

/** Every program answers `--version` with its version, and `--help` with how it is used. */
export async function programProblems(
  project: string,
  tarballs: readonly Tarball[],
): Promise<string[]> {
  const programs = tarballs.flatMap(({ manifest }) =>
    Object.keys(manifest.bin ?? {}).map((name) => ({ name, version: manifest.version })),
  );
  const problems = await Promise.all(
    programs.map(async ({ name, version }) => {
      const program = join(project, 'node_modules', '.bin', name);
      const told = await command(program, ['--version'], { cwd: project, env });
      const help = await command(program, ['--help'], { cwd: project, env });
      const wrong: string[] = [];
      if (told.code !== 0 || told.stdout.trim() !== version) {
        wrong.push(
          `Expected \`${name} --version\` to print ${version}, got ${told.output.trim()} (exit ${told.code})`,
        );
      }
      if (help.code !== 0 || !help.stdout.includes(`Usage: ${name}`)) {
        wrong.push(
          `Expected \`${name} --help\` to show its usage, got ${help.output.trim()} (exit ${help.code})`,
        );
      }
      return wrong;
    }),
  );
  return problems.flat();
}

/** The names of packages that npm installed; scoped ones by their scope. */
export async function installedNames(project: string): Promise<string[]> {
  const names = await readdir(join(project, 'node_modules'));
  return names.filter((name) => !name.startsWith('.'));
}
