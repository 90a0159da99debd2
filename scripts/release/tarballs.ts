import { join } from 'node:path';
import { expectSuccess } from './command.ts';
import { pathsOf, root, type Manifest, type Package } from './packages.ts';

/** A package as npm would upload it. */
export interface Tarball {
  readonly folder: string;
  /** The package.json inside. */
  readonly manifest: Manifest;
  readonly path: string;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
  /** `sha512-…` in base64, as registries and lock files have it. */
  readonly integrity: string;
  readonly bytes: number;
  readonly unpackedBytes: number;
}

/** What `npm pack --json` says of a package. */
interface NpmPacked {
  readonly name: string;
  readonly filename: string;
  readonly integrity: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: { readonly path: string; readonly mode: number }[];
}

/** Packs the packages, as they are built, into a folder that exists. */
export async function pack(
  packages: readonly Package[],
  into: string,
  repository = root,
): Promise<Tarball[]> {
  return Promise.all(
    packages.map(async ({ folder }) => {
      const args = ['pack', '--json', '--pack-destination', into, '--loglevel=error'];
      const report = await expectSuccess('npm', args, { cwd: join(repository, folder) });
      // npm 12 reports packages by name, earlier ones as a list.
      const packed = Object.values(JSON.parse(report) as Record<string, NpmPacked>)[0]!;
      const path = join(into, packed.filename);
      const manifest = await expectSuccess('tar', ['-xzOf', path, 'package/package.json']);
      return {
        folder,
        path,
        manifest: JSON.parse(manifest) as Manifest,
        files: packed.files,
        integrity: packed.integrity,
        bytes: packed.size,
        unpackedBytes: packed.unpackedSize,
      };
    }),
  );
}

const REQUIRED = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md'];

/** What never belongs into a package, whatever its `files` say. */
const LEAKS: [RegExp, string][] = [
  [/(^|\/)(src|tests?|__tests__|coverage|node_modules)\//, 'sources, tests or dependencies'],
  [/\.(test|spec)\.[cm]?[jt]s$/, 'tests'],
  [/(?<!\.d)\.[cm]?tsx?$/, 'sources'],
  [/(^|\/)\.|\.(tgz|log|tsbuildinfo)$|(^|\/)tsconfig/, 'files of the workplace'],
];

/** What is missing from a tarball, and what should not be in it, one line each. */
export function tarballProblems({ folder, manifest, files }: Tarball): string[] {
  const there = new Map(files.map(({ path, mode }) => [path, mode]));
  const promised = [
    manifest.main,
    manifest.module,
    manifest.types,
    ...pathsOf(manifest.exports ?? {}),
    ...pathsOf(manifest.typesVersions ?? {}),
    ...Object.values(manifest.bin ?? {}),
  ].flatMap((path) => (path === undefined || path.includes('*') ? [] : [join(path)]));
  const name = manifest.name ?? folder;

  const missing = new Set([...REQUIRED, ...promised].filter((path) => !there.has(path)));
  const patterns = pathsOf(manifest.exports ?? {}).filter((path) => path.includes('*'));
  const empty = patterns.filter((pattern) => {
    const before = join(pattern.slice(0, pattern.indexOf('*')));
    return !files.some(({ path }) => path.startsWith(before));
  });
  const leaked = files.flatMap(({ path }) => {
    const leak = LEAKS.find(([pattern]) => pattern.test(path));
    return leak ? [`${name}: expected no ${leak[1]} in the tarball, got \`${path}\``] : [];
  });
  const locked = Object.values(manifest.bin ?? {}).filter((path) => {
    const mode = there.get(join(path));
    return mode !== undefined && (mode & 0o111) === 0;
  });
  return [
    ...[...missing].map((path) => `${name}: expected \`${path}\` in the tarball`),
    ...empty.map((path) => `${name}: expected files of \`${path}\` in the tarball`),
    ...leaked,
    ...locked.map((path) => `${name}: expected \`${path}\` to be executable`),
  ];
}
