import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ImportKind, OnResolveResult, Plugin } from 'esbuild';

/** Namespace of the stand-ins for CommonJS packages; no files. */
export const REQUIRED_PACKAGE = 'lpr-required-package';

const RESOLVING = { resolving: true };
const IN_NODE_MODULES = /[\\/]node_modules[\\/]/;
const RUNNABLE = new Set(['.js', '.mjs', '.cjs', '.node']);

/**
 * Keeps installed packages out of the bundle. Each import of one is resolved from the file that names
 * it and written down as an absolute path, so that it does not matter where the bundle lies. Linked
 * workspace packages, `paths` aliases and packages published as TypeScript are bundled.
 */
export function externalPackages(format: 'esm' | 'cjs'): Plugin {
  return {
    name: 'lpr-external-packages',
    setup(build) {
      build.onResolve({ filter: /^[^./\\]/ }, async (args) => {
        if (args.pluginData === RESOLVING || args.kind === 'entry-point') return undefined;
        if (isBuiltin(args.path)) return { path: args.path, external: true };
        const { importer, namespace, resolveDir, kind } = args;
        const found = await build.resolve(args.path, {
          importer,
          namespace,
          resolveDir,
          kind,
          with: args.with,
          pluginData: RESOLVING,
        });
        if (found.errors.length > 0) return unresolved(args.path, kind);
        if (found.external || found.namespace !== 'file') return undefined;
        if (!IN_NODE_MODULES.test(found.path) || !RUNNABLE.has(extname(found.path)))
          return undefined;
        return external(found.path, kind, format);
      });
      // Native add-ons can be loaded by Node only, also from the project's own folders.
      build.onResolve({ filter: /^\.{1,2}[\\/].*\.node$/ }, async (args) => {
        if (args.pluginData === RESOLVING) return undefined;
        const found = await build.resolve(args.path, {
          importer: args.importer,
          resolveDir: args.resolveDir,
          kind: args.kind,
          pluginData: RESOLVING,
        });
        return found.errors.length > 0 ? undefined : external(found.path, args.kind, format);
      });
      build.onResolve({ filter: /.*/, namespace: REQUIRED_PACKAGE }, (args) => ({
        path: args.path,
        external: true,
      }));
      build.onLoad({ filter: /.*/, namespace: REQUIRED_PACKAGE }, (args) => ({
        contents: `module.exports = require(${JSON.stringify(args.path)});`,
        loader: 'js',
      }));
    },
  };
}

// Node would miss it only when the code is reached, so optional packages stay optional.
function unresolved(path: string, kind: ImportKind): OnResolveResult | undefined {
  return kind === 'import-statement' ? undefined : { path, external: true };
}

function external(path: string, kind: ImportKind, format: 'esm' | 'cjs'): OnResolveResult {
  if (kind === 'dynamic-import') return { path: pathToFileURL(path).href, external: true };
  if (kind !== 'import-statement' || format === 'cjs') return { path, external: true };
  if (isEsModule(path)) return { path: pathToFileURL(path).href, external: true };
  // An `import` of CommonJS goes through `require`: named imports then work as they do in the code
  // that tsc, esbuild or webpack deploy, even where Node's static scan of the exports misses names.
  return { path, namespace: REQUIRED_PACKAGE };
}

function isEsModule(path: string): boolean {
  const extension = extname(path);
  return extension === '.js' ? packageType(dirname(path)) === 'module' : extension === '.mjs';
}

function packageType(folder: string): unknown {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return typeof manifest === 'object' && manifest !== null && 'type' in manifest
      ? manifest.type
      : undefined;
  } catch {
    // As for Node, a package ends at `node_modules`, with or without a manifest.
    const parent = dirname(folder);
    return basename(parent) === 'node_modules' || parent === folder
      ? undefined
      : packageType(parent);
  }
}
