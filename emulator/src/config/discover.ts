import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Names of manifests, in the order in which they are looked for. */
export const MANIFEST_NAMES = ['lpr.yaml', 'router.yaml'] as const;

/** The manifest of a folder, by its name; `undefined` when there is none. */
export function discoverManifest(folder: string): string | undefined {
  return MANIFEST_NAMES.map((name) => join(folder, name)).find((file) => existsSync(file));
}

/** The name of a SAM template. */
export const TEMPLATE_NAME = 'template.yaml';

/** The SAM template of a folder; `undefined` when there is none. */
export function discoverTemplate(folder: string): string | undefined {
  const file = join(folder, TEMPLATE_NAME);
  return existsSync(file) && /AWS::Serverless/.test(readFileSync(file, 'utf8')) ? file : undefined;
}
