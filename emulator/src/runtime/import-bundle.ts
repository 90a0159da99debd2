import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleHandler } from './bundle-handler.ts';
import { runBundle } from './run-bundle.ts';
import type { BundleFile } from './run-bundle.ts';
import { withScratchFolder } from './scratch-folder.ts';

/** A loaded module and the files it was made of. */
export interface ImportedModule {
  readonly namespace: unknown;
  readonly inputs: readonly string[];
}

/** Bundles the module at `entry` into a file of `folder`. */
export async function writeBundle(
  entry: string,
  folder: string,
  moduleFolders: readonly string[] = [],
): Promise<BundleFile & { readonly inputs: readonly string[] }> {
  const file = join(folder, 'handler');
  const { code, format, inputs } = await bundleHandler(entry, file, moduleFolders);
  const path = format === 'esm' ? `${file}.mjs` : `${file}.cjs`;
  await writeFile(path, code);
  return { path, format, inputs };
}

/**
 * Bundles and runs the module at `entry` anew, whatever has been loaded before. The bundle is a file of
 * the system's temporary folder only while Node reads it, so that the project stays clean and its
 * watchers quiet.
 */
export async function importFresh(
  entry: string,
  moduleFolders: readonly string[] = [],
): Promise<ImportedModule> {
  return withScratchFolder(async (folder) => {
    const bundle = await writeBundle(entry, folder, moduleFolders);
    return { namespace: await runBundle(bundle), inputs: bundle.inputs };
  });
}
