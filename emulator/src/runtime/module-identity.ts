import { readFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Loader, Plugin } from 'esbuild';

const NAMES = { url: '__lprModuleUrl', file: '__lprModuleFile', folder: '__lprModuleFolder' };

/** Makes esbuild read what a module says about its own place from names that {@link moduleIdentity} declares. */
export const IDENTITY_DEFINES: Record<string, string> = {
  'import.meta.url': NAMES.url,
  'import.meta.filename': NAMES.file,
  'import.meta.dirname': NAMES.folder,
  __filename: NAMES.file,
  __dirname: NAMES.folder,
};

const LOADERS: Record<string, Loader> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
};
const ASKS = /\bimport\.meta\b|\b__(?:file|dir)name\b/;
const STRICT = /^(?:\s|\/\/.*\n|\/\*[^]*?\*\/)*(['"])use strict\1/;

/**
 * Gives each bundled file its own `import.meta.url`, `__filename` and `__dirname`, so that code which
 * reads files beside itself finds them although it runs from the bundle.
 */
export const moduleIdentity: Plugin = {
  name: 'lpr-module-identity',
  setup(build) {
    build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: 'file' }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!ASKS.test(source)) return undefined;
      const strict = STRICT.test(source) ? '"use strict";' : '';
      const declarations = [
        `${NAMES.url}=${JSON.stringify(pathToFileURL(path).href)}`,
        `${NAMES.file}=${JSON.stringify(path)}`,
        `${NAMES.folder}=${JSON.stringify(dirname(path))}`,
      ];
      // On the first line, so that every later line keeps its number in stacks.
      const contents = `${strict}const ${declarations.join(',')};${source.replace(/^#!/, '//')}`;
      return { contents, loader: LOADERS[extname(path)] ?? 'js', resolveDir: dirname(path) };
    });
  },
};
