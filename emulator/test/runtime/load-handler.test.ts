import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { toErrorPayload } from '../../src/runtime/errors.ts';
import { parseHandlerSpec } from '../../src/runtime/handler-spec.ts';
import { loadHandler } from '../../src/runtime/load-handler.ts';
import type { LoadedHandler } from '../../src/runtime/find-handler.ts';
import { createProject } from '../support/project.ts';

async function load(files: Record<string, string>, handler: string) {
  const project = await createProject(files);
  return { ...project, loaded: await loadHandler(project.directory, parseHandlerSpec(handler)) };
}

// Calls through one signature what may be either kind; these handlers use the event only.
function call(loaded: LoadedHandler): unknown {
  return Reflect.apply(loaded.handle, undefined, [{ name: 'Ada' }]);
}

async function answerOf(files: Record<string, string>, handler: string): Promise<unknown> {
  const { loaded } = await load(files, handler);
  return call(loaded);
}

test('a TypeScript handler may use enums, extensionless imports and tsconfig paths', async () => {
  const answer = await answerOf(
    {
      'tsconfig.json': '{"compilerOptions":{"paths":{"@lib/*":["./lib/*"]}}}',
      'src/app.ts': `
        import { greet } from './greet';
        import { Mood } from '@lib/mood';
        export const handler = async (event: { name: string }) => greet(event.name) + Mood[Mood.Glad];`,
      'src/greet.ts': 'export const greet = (name: string): string => `Hello ${name}, `;',
      'lib/mood.ts': 'export enum Mood { Sad, Glad }',
    },
    'src/app.handler',
  );
  expect(answer).toBe('Hello Ada, Glad');
});

test('an ES module may use top-level await and nested exports', async () => {
  const files = {
    'app.mjs':
      'const n = await Promise.resolve(7); export const api = { v1: { get: async () => n } };',
  };
  expect(await answerOf(files, 'app.api.v1.get')).toBe(7);
});

test('a CommonJS handler stays sloppy code with require, module and __dirname', async () => {
  const files = {
    'app.js': `
      const other = require('./other');
      implicitGlobal = 1;
      module.exports.handler = async () => [other.value, implicitGlobal, __dirname, require.main === module];
      delete globalThis.implicitGlobal; implicitGlobal = 2;`,
    'other.js': 'exports.value = 42;',
  };
  const { directory, loaded } = await load(files, 'app.handler');
  expect(await call(loaded)).toEqual([42, 2, directory, false]);
});

test('a handler may be a property of the default export', async () => {
  expect(await answerOf({ 'app.cjs': 'exports.handler = async () => "cjs"' }, 'app.handler')).toBe(
    'cjs',
  );
  const esm = { 'app.mjs': 'export default { handler: async () => "default" }' };
  expect(await answerOf(esm, 'app.handler')).toBe('default');
});

test('TypeScript wins over compiled output that lies beside it', async () => {
  const files = {
    'app.ts': 'export const handler = async () => "source";',
    'app.js': 'exports.handler = async () => "stale";',
  };
  expect(await answerOf(files, 'app.handler')).toBe('source');
});

test('every module knows its own place', async () => {
  const { directory, loaded } = await load(
    {
      'package.json': '{"type":"module"}',
      'src/app.ts': `
        #!/usr/bin/env node
        import { here } from './deep/other';
        import { createRequire } from 'node:module';
        const require = createRequire(import.meta.url);
        export const handler = async () => [import.meta.url, __filename, here, require('../data.json').n];`.trimStart(),
      'src/deep/other.ts': `
        import path from 'node:path';
        import { fileURLToPath } from 'node:url';
        const __dirname = path.dirname(fileURLToPath(import.meta.url));
        export const here = [__dirname, import.meta.dirname, import.meta.filename];`,
      'data.json': '{"n":3}',
    },
    'src/app.handler',
  );
  const deep = join(directory, 'src/deep');
  expect(await call(loaded)).toEqual([
    `file://${directory}/src/app.ts`,
    join(directory, 'src/app.ts'),
    [deep, deep, join(deep, 'other.ts')],
    3,
  ]);
});

test('installed packages are loaded by Node from the folder of the file that imports them', async () => {
  const answer = await answerOf(
    {
      'src/app.ts': `
        import { named, place } from 'common';
        import fallback from 'common';
        import { modern } from 'modern';
        export const handler = async () => {
          const late = await import('modern');
          let missing: string;
          try { missing = require('not-installed'); } catch (error) { missing = (error as { code: string }).code; }
          return [named, fallback.named, modern, late.modern === modern, place.endsWith('common/index.js'), missing];
        };`,
      // No static scan sees these exports.
      'node_modules/common/index.js':
        'const all = { named: 1, place: __filename }; module.exports = { ...all };',
      'node_modules/modern/package.json':
        '{"name":"modern","type":"module","exports":{"import":"./esm.js","require":"./no.cjs"}}',
      'node_modules/modern/esm.js': 'export const modern = await Promise.resolve({ m: 1 });',
    },
    'src/app.handler',
  );
  expect(answer).toEqual([1, 1, { m: 1 }, true, true, 'MODULE_NOT_FOUND']);
});

test('each load has fresh module state and sees edits of imported files', async () => {
  const { directory, write, loaded } = await load(
    {
      'app.ts':
        'import { word } from "./word"; let n = 0; export const handler = async () => word + ++n;',
      'word.ts': 'export const word = "one";',
    },
    'app.handler',
  );
  expect([await call(loaded), await call(loaded)]).toEqual(['one1', 'one2']);
  await write('word.ts', 'export const word = "two";');
  expect(await call(await loadHandler(directory, parseHandlerSpec('app.handler')))).toBe('two1');
  expect(loaded.inputs.toSorted()).toEqual([join(directory, 'app.ts'), join(directory, 'word.ts')]);
});

test('loading leaves nothing behind in the project or the temporary folder', async () => {
  const { directory } = await createProject({
    'app.ts': 'export const handler = async () => 1;',
    'broken.ts': 'export const handler = (;',
    'tmp/.keep': '',
  });
  vi.stubEnv('TMPDIR', join(directory, 'tmp'));
  onTestFinished(() => void vi.unstubAllEnvs());
  await loadHandler(directory, parseHandlerSpec('app.handler'));
  await expect(loadHandler(directory, parseHandlerSpec('broken.handler'))).rejects.toThrow(
    'Syntax',
  );
  expect(await readdir(join(directory, 'tmp'))).toEqual(['.keep']);
  expect(await readdir(directory)).toEqual(['app.ts', 'broken.ts', 'tmp']);
});

test('stacks name the lines of the source', async () => {
  const files = {
    'src/app.ts': [
      'interface Unused { a: string }',
      "const here = import.meta.url; import { fail } from './fail';",
      'export const handler = async (): Promise<void> => { void here; fail(); };',
    ].join('\n'),
    'src/fail.ts': '\n\nexport function fail(): never {\n  throw new TypeError("boom");\n}\n',
  };
  const { directory, loaded } = await load(files, 'src/app.handler');
  const thrown: unknown = await Promise.resolve(call(loaded)).catch((error: unknown) => error);
  const stack = toErrorPayload(thrown).trace ?? [];
  expect(stack[0]).toBe('TypeError: boom');
  expect(stack[1]).toContain(`${directory}/src/fail.ts:4:`);
  expect(stack[2]).toContain(`${directory}/src/app.ts:3:`);
});
