import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** A bundle as a file. */
export interface BundleFile {
  readonly path: string;
  readonly format: 'esm' | 'cjs';
}

// Test runners and bundlers replace `import()` in the files they transform; handlers need Node's own,
// and a `data:` module is the one place where all of them leave it alone.
const NATIVE_IMPORT = 'data:text/javascript,export const load = (url) => import(url)';

/** Runs a bundle in this thread and returns its exports. A path is run once only by each thread. */
export async function runBundle({ path, format }: BundleFile): Promise<unknown> {
  process.setSourceMapsEnabled(true);
  if (format === 'cjs') return requireOnce(path);
  const { load }: { load: (url: string) => Promise<unknown> } = await import(NATIVE_IMPORT);
  return load(pathToFileURL(path).href);
}

function requireOnce(path: string): unknown {
  const require = createRequire(path);
  try {
    return require(path);
  } finally {
    // Node keeps CommonJS modules by path for ever; every load has its own path.
    delete require.cache[path];
  }
}
