import { appendFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { pendingChangesets } from './changelogs.ts';
import { homeOf } from './manifests.ts';
import { readPackages, root, type Package } from './packages.ts';
import { publishedIntegrity, registryUrl } from './registry.ts';

/** Settings of the repository on GitHub, without which a release would stop half-way. */
export const SETTINGS = [
  'RELEASE_ROLE',
  'RELEASE_REGION',
  'RELEASE_BUCKET',
  'RELEASE_IMAGE',
] as const;

/** What a push to the main branch leads to. */
export interface Plan {
  /** `version`: a pull request with the next versions. `publish`: these versions. `nothing`: see `because`. */
  readonly mode: 'version' | 'publish' | 'nothing';
  readonly version: string;
  readonly because: string;
}

/**
 * Decides from the tree and from what the registry has.
 *
 * @throws Error when there is something to publish, and a setting is missing
 */
export async function planRelease(from: {
  readonly packages: readonly Package[];
  readonly pending: readonly string[];
  /** `owner/name`, where this runs. */
  readonly repository: string | undefined;
  readonly registry: string;
  readonly settings: Readonly<Record<string, string | undefined>>;
}): Promise<Plan> {
  const { manifest } = from.packages[0]!;
  const version = manifest.version!;
  const home = homeOf(manifest);
  if (home === undefined) {
    return { mode: 'nothing', version, because: 'the packages have no repository yet' };
  }
  if (home !== from.repository) {
    return { mode: 'nothing', version, because: `releases are made in ${home}` };
  }
  if (from.pending.length > 0) {
    return { mode: 'version', version, because: `pending: ${from.pending.join(', ')}` };
  }
  const there = await Promise.all(
    from.packages.map(({ manifest: { name } }) =>
      publishedIntegrity(from.registry, name!, version),
    ),
  );
  const missing = from.packages.filter((_, index) => there[index] === undefined);
  if (missing.length === 0) {
    return { mode: 'nothing', version, because: `${version} is published` };
  }
  const unset = SETTINGS.filter((name) => (from.settings[name] ?? '') === '');
  if (unset.length > 0) {
    const names = unset.map((name) => `\`${name}\``).join(', ');
    throw new Error(`Expected the variables ${names} to be set, got nothing; see docs/release.md`);
  }
  const names = missing.map(({ manifest: { name } }) => name).join(', ');
  return { mode: 'publish', version, because: `not published: ${names}` };
}

if (import.meta.url === pathToFileURL(process.argv[1]!).href) {
  const plan = await planRelease({
    packages: readPackages(),
    pending: await pendingChangesets(root),
    repository: process.env['GITHUB_REPOSITORY'],
    registry: await registryUrl(),
    settings: process.env,
  });
  process.stdout.write(`${plan.mode} ${plan.version}: ${plan.because}\n`);
  const output = process.env['GITHUB_OUTPUT'];
  if (output !== undefined) {
    appendFileSync(output, `mode=${plan.mode}\nversion=${plan.version}\n`);
  }
}
