import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** An absolute path from one relative to the repository's root. */
export const absolute = (path: string): string => join(root, path);

export const isThere = (path: string): boolean => existsSync(absolute(path));

export const textOf = (path: string): string => readFileSync(absolute(path), 'utf8');

/** Files of the repository that match a git pathspec, those not yet committed too; relative to its root. */
export function filesOf(...pathspecs: readonly string[]): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...pathspecs];
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0');
  return [...new Set(listed)].filter((path) => path !== '' && isThere(path));
}
