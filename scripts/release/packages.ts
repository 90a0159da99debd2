import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Workspaces that are published; a package comes after those it depends on. */
export const PUBLISHED = ['protocol', 'adapter', 'router', 'emulator', 'testkit'] as const;

/** The fields of a package.json that a release looks at; any may be missing or wrong. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly keywords?: readonly string[];
  readonly license?: string;
  readonly homepage?: string;
  readonly bugs?: string;
  readonly repository?: { readonly type: string; readonly url: string; readonly directory: string };
  readonly files?: readonly string[];
  readonly main?: string;
  readonly module?: string;
  readonly types?: string;
  readonly typesVersions?: Conditions;
  readonly exports?: Readonly<Record<string, Conditions>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly engines?: { readonly node?: string };
  readonly publishConfig?: { readonly access?: string; readonly provenance?: boolean };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A path, or paths by condition. */
export type Conditions = string | readonly string[] | { readonly [condition: string]: Conditions };

/** A workspace: its folder, relative to the repository, and its package.json. */
export interface Package {
  readonly folder: string;
  readonly manifest: Manifest;
}

export function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
}

/** The packages that are published, as they stand in the tree. */
export function readPackages(repository = root, folders: readonly string[] = PUBLISHED): Package[] {
  return folders.map((folder) => ({
    folder,
    manifest: readManifest(join(repository, folder, 'package.json')),
  }));
}

/** What can be imported: `lpr-lambda-adapter/stream`; files and patterns of files are left out. */
export function entriesOf({ name, exports = {} }: Manifest): string[] {
  return Object.entries(exports)
    .filter(([, target]) => typeof target !== 'string')
    .map(([path]) => join(name!, path));
}

/** Every path that conditions lead to. */
export function pathsOf(conditions: Conditions): string[] {
  if (typeof conditions === 'string') return [conditions];
  return Object.values(conditions).flatMap((inner: Conditions) => pathsOf(inner));
}
