import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleHandler } from './bundle-handler.ts';
import { withScratchFolder } from './scratch-folder.ts';

/** A loaded module and the files it was made of. */
export interface ImportedModule {
  readonly namespace: unknown;
  readonly inputs: readonly string[];
}

// Test runners and bundlers replace `import()` in the files they transform; handlers need Node's own,
// and a `data:` module is the one place where all of them leave it alone.
const NATIVE_IMPORT = 'data:text/javascript,export const load = (url) => import(url)';

async function nativeImport(url: string): Promise<unknown> {
  const { load }: { load: (url: string) => Promise<unknown> } = await import(NATIVE_IMPORT);
  return load(url);
}

/**
 * Bundles and runs the module at `entry` anew, whatever has been loaded before. The bundle is a file of
 * the system's temporary folder only while Node reads it, so that the project stays clean and its
 * watchers quiet.
 */
export async function importFresh(entry: string): Promise<ImportedModule> {
  process.setSourceMapsEnabled(true);
  return withScratchFolder(async (folder) => {
    const file = join(folder, 'handler');
    const { code, format, inputs } = await bundleHandler(entry, file);
    const path = format === 'esm' ? `${file}.mjs` : `${file}.cjs`;
    await writeFile(path, code);
    const namespace = format === 'esm' ? await nativeImport(pathToFileURL(path).href) : run(path);
    return { namespace, inputs };
  });
}

function run(path: string): unknown {
  const require = createRequire(path);
  try {
    return require(path);
  } finally {
    // Node keeps CommonJS modules by path for ever; every load has its own path.
    delete require.cache[path];
  }
}
