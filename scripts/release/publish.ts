import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expectSuccess } from './command.ts';
import { publishedIntegrity, registryUrl } from './registry.ts';
import type { Tarball } from './tarballs.ts';

/** A tarball that was checked, and is to be published as it is. */
export interface Checked {
  readonly name: string;
  readonly version: string;
  /** Its name in the folder that the dry run kept. */
  readonly file: string;
  readonly integrity: string;
}

/** What a dry run hands to the publication: `release.json`, in the order of dependencies. */
export function checkedTarballs(tarballs: readonly Tarball[]): Checked[] {
  return tarballs.map(({ manifest, path, integrity }) => ({
    name: manifest.name!,
    version: manifest.version!,
    file: basename(path),
    integrity,
  }));
}

/**
 * Publishes tarballs that a dry run has checked, those that are not there yet: to be run again after a
 * failure. Needs nothing but Node.js and npm, because it runs where npm trusts whatever runs.
 *
 * @throws Error when a tarball is not the one that was checked, or the registry has another
 */
export async function publish(
  folder: string,
  registry: string,
  tell: (line: string) => void,
): Promise<void> {
  const checked = JSON.parse(readFileSync(join(folder, 'release.json'), 'utf8')) as Checked[];
  for (const { name, version, file, integrity } of checked) {
    const path = join(folder, file);
    const got = `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}`;
    if (got !== integrity) throw new Error(`${file}: expected ${integrity}, got ${got}`);

    const there = await publishedIntegrity(registry, name, version);
    if (there === integrity) {
      tell(`${name}@${version} is there already`);
      continue;
    }
    if (there !== undefined) {
      throw new Error(`${name}@${version}: expected ${integrity} in the registry, got ${there}`);
    }
    // A pre-release never becomes what `npm install` without a version brings.
    const tag = /-([a-z]+)/i.exec(version)?.[1] ?? 'latest';
    const args = ['publish', path, '--access', 'public', '--tag', tag, '--registry', registry];
    await expectSuccess('npm', args);
    tell(`${name}@${version} published as ${tag}`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]!).href) {
  const folder = process.argv[2];
  if (folder === undefined) throw new Error('Expected the folder that the dry run kept');
  await publish(folder, await registryUrl(), (line) => process.stdout.write(`${line}\n`));
}
