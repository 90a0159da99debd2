// Runs on any Node.js >= 20: it is what brings the pinned one.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The Node.js that package.json pins; there after the installation. */
export const pinnedNode = join(root, 'node_modules', '.bin', 'node');

/** The program of a development dependency, to be run by {@link pinnedNode}. */
export function tool(path) {
  return join(root, 'node_modules', path);
}

/** Runs a command in the foreground; resolves to its exit code, 128 + n after a signal. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

/** One hash over files and folders; `dist` and `node_modules` are left out. */
export function hashOf(paths, seed = '') {
  const hash = createHash('sha256').update(seed);
  const visit = (path) => {
    if (!existsSync(join(root, path))) return;
    let names;
    try {
      names = readdirSync(join(root, path)).sort();
    } catch {
      // Not a folder: a file.
      hash.update(path).update(readFileSync(join(root, path)));
      return;
    }
    for (const name of names) {
      if (name !== 'dist' && name !== 'node_modules') visit(join(path, name));
    }
  };
  for (const path of paths) visit(path);
  return hash.digest('hex');
}

/** What earlier runs have finished, by name; forgotten with `node_modules`. */
const stampFile = join(root, 'node_modules', '.cache', 'lpr', 'stamps.json');

export function readStamps() {
  return existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, 'utf8')) : {};
}

export function writeStamp(name, value) {
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, JSON.stringify({ ...readStamps(), [name]: value }, null, 2));
}

/** Prints a line on standard error, where progress belongs. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** `1.4 s` since a `performance.now()`. */
export function since(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}
