import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hashOf, pinnedNode, readStamps, root, run, say, since, writeStamp } from './workspace.mjs';

/** Installs with `npm ci` when the lock file or a package.json has changed since the last time. */
export async function ensureInstalled() {
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const manifests = workspaces
    .filter((name) => !name.includes('*'))
    .map((name) => `${name}/package.json`);
  const wanted = hashOf(['package-lock.json', 'package.json', ...manifests]);
  if (existsSync(pinnedNode)) {
    if (readStamps()['install'] === wanted) return;
    if (installedByHand(['package-lock.json', 'package.json', ...manifests])) {
      writeStamp('install', wanted);
      return;
    }
  }
  const start = performance.now();
  say('Installing dependencies (npm ci) …');
  // Packages for the pinned Node.js draw engine warnings from an older one that only runs npm.
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) {
    say(`Expected \`npm ci\` to succeed, it exited with ${code}`);
    process.exit(1);
  }
  writeStamp('install', wanted);
  say(`Installed in ${since(start)}`);
}

/** An `npm ci` or `npm install` that is younger than what it installed from. */
function installedByHand(files) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const { mtimeMs } = statSync(record);
  return files.every((file) => statSync(join(root, file)).mtimeMs <= mtimeMs);
}

/**
 * AWS's runtime client for Node.js, which tests of the layer and the adapter run. It builds natively,
 * and an npm on an older Node.js leaves it out without a word, so it is not waited for elsewhere.
 */
export async function ensureRuntimeClient() {
  if (existsSync(join(root, 'node_modules', 'aws-lambda-ric', 'package.json'))) return;
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const { version } = packages['node_modules/aws-lambda-ric'];
  const node = JSON.parse(
    readFileSync(join(root, 'node_modules', 'node', 'package.json'), 'utf8'),
  ).version;
  const start = performance.now();
  say("Building AWS's runtime client (aws-lambda-ric) …");
  const env = { ...process.env, PATH: `${dirname(pinnedNode)}${delimiter}${process.env.PATH}` };
  const flags = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  // With its name, as npm would put back the one of the lock file where another one is under test.
  const wanted = [`aws-lambda-ric@${version}`, `node@${node}`];
  const code = await run('npm', ['install', ...flags, ...wanted], { env });
  // Without it the tests that need it fail, each with the line to type.
  say(
    code === 0
      ? `Built in ${since(start)}`
      : `Expected the build to succeed, it exited with ${code}`,
  );
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await ensureInstalled();
