import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Names of manifests, in the order in which they are looked for. */
export const MANIFEST_NAMES = ['lpr.yaml', 'router.yaml'] as const;

/** The manifest of a folder, by its name; `undefined` when there is none. */
export function discoverManifest(folder: string): string | undefined {
  return MANIFEST_NAMES.map((name) => join(folder, name)).find((file) => existsSync(file));
}
