import type { Manifest, Package } from './packages.ts';

/** Stands in `repository` until the project has a home; a release refuses it. */
export const PLACEHOLDER = 'OWNER';

/** What is wrong with the package.json files that are to be published, one line each. */
export function manifestProblems(packages: readonly Package[], repository: Manifest): string[] {
  const versions = new Map(packages.map(({ manifest }) => [manifest.name, manifest.version]));
  const distinct = new Set(versions.values());
  const problems = packages.flatMap(({ folder, manifest }) => [
    ...fieldProblems(folder, manifest, repository),
    ...dependencyProblems(folder, manifest, versions),
  ]);
  if (distinct.size > 1) {
    const got = [...versions].map(([name, version]) => `${name} ${version}`).join(', ');
    problems.push(`Expected one version for all packages, got ${got}`);
  }
  const homes = new Set(packages.map(({ manifest }) => manifest.repository?.url));
  if (homes.size > 1) {
    problems.push(`Expected one \`repository.url\` for all packages, got ${[...homes].join(', ')}`);
  }
  return problems;
}

function fieldProblems(folder: string, manifest: Manifest, repository: Manifest): string[] {
  const home = /^git\+(https:\/\/github\.com\/[^/]+\/[^/]+)\.git$/.exec(
    manifest.repository?.url ?? '',
  )?.[1];
  const rules: [string, boolean, string][] = [
    ['private', manifest.private !== true, 'not to be set'],
    ['description', (manifest.description ?? '').length > 0, 'to say what the package is'],
    ['keywords', (manifest.keywords ?? []).length >= 3, 'to have at least three words'],
    ['license', manifest.license === repository.license, `to be \`${repository.license}\``],
    ['repository.url', home !== undefined, 'to be `git+https://github.com/OWNER/NAME.git`'],
    ['repository.directory', manifest.repository?.directory === folder, `to be \`${folder}\``],
    ['homepage', manifest.homepage === `${home}/tree/main/${folder}#readme`, 'to be its README'],
    ['bugs', manifest.bugs === `${home}/issues`, "to be the repository's issues"],
    ['files', (manifest.files ?? []).length > 0, 'to list what is packed'],
    [
      'engines.node',
      manifest.engines?.node === repository.engines?.node,
      `to be \`${repository.engines?.node}\``,
    ],
    ['exports', './package.json' in (manifest.exports ?? {}), 'to have `./package.json`'],
    ['publishConfig.access', manifest.publishConfig?.access === 'public', 'to be `public`'],
    ['publishConfig.provenance', manifest.publishConfig?.provenance === true, 'to be `true`'],
  ];
  return rules
    .filter(([, holds]) => !holds)
    .map(([field, , expected]) => {
      const value: unknown = field
        .split('.')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], manifest);
      const got = value === undefined ? 'nothing' : `\`${JSON.stringify(value)}\``;
      return `${folder}/package.json: expected \`${field}\` ${expected}, got ${got}`;
    });
}

/** A package and the router it was tested with go together: exact versions, and real ones. */
function dependencyProblems(
  folder: string,
  manifest: Manifest,
  versions: ReadonlyMap<string | undefined, string | undefined>,
): string[] {
  const { dependencies, optionalDependencies, peerDependencies } = manifest;
  const ranges = Object.entries({ ...peerDependencies, ...optionalDependencies, ...dependencies });
  return ranges.flatMap(([name, range]) => {
    const at = `${folder}/package.json: expected the dependency \`${name}\``;
    if (/^(workspace|file|link|git|https?|portal):/.test(range) || range === '*') {
      return [`${at} to have a version that others can install, got \`${range}\``];
    }
    if (versions.has(name)) {
      const expected = versions.get(name);
      return range === expected ? [] : [`${at} to be exactly \`${expected}\`, got \`${range}\``];
    }
    return name.startsWith('lpr-') ? [`${at} to be published, too`] : [];
  });
}

/** The `owner/name` on GitHub, while it is not the placeholder. */
export function homeOf({ repository }: Manifest): string | undefined {
  const home = /github\.com\/([^/]+\/[^/]+)\.git$/.exec(repository?.url ?? '')?.[1];
  return home?.startsWith(`${PLACEHOLDER}/`) ? undefined : home;
}
