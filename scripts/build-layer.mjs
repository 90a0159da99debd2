import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { pinnedNode, root, run, say, since, tool } from './workspace.mjs';

const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const output = join(root, 'adapter', 'layer', 'dist');
/** Lambda's names of architectures, and npm's. */
const ARCHITECTURES = { x86_64: 'x64', arm64: 'arm64' };

if (!existsSync(pinnedNode)) await ensureInstalled();
const { layerFiles } = await import('./layer-files.mjs');
const { zip } = await import('./zip.mjs');

const version = readFileSync(join(root, 'node_modules', 'node', 'package.json'), 'utf8');
const nodeVersion = JSON.parse(version).version;
const cache = join(root, 'node_modules', '.cache', 'lpr', 'node');
const wanted = process.argv.slice(2);

mkdirSync(output, { recursive: true });
const files = await layerFiles();
if (wants('layer-node')) write('layer-node', files);
for (const [architecture, npmName] of Object.entries(ARCHITECTURES)) {
  const name = `layer-universal-${architecture}`;
  if (!wants(name)) continue;
  const bytes = await executable(npmName);
  write(name, [...files, { name: 'lpr/lpr-proxy', bytes, executable: true }]);
}

function wants(name) {
  return wanted.length === 0 || wanted.includes(name);
}

/** Writes `NAME.zip`, and `NAME.json` with the SHA-256 of the archive and of each file in it. */
function write(name, contents) {
  const start = performance.now();
  const archive = zip(contents);
  writeFileSync(join(output, `${name}.zip`), archive);
  const manifest = {
    name,
    node: contents.some((file) => file.name === 'lpr/lpr-proxy') ? nodeVersion : undefined,
    sha256: sha256(archive),
    bytes: archive.length,
    files: contents.map((file) => ({
      path: file.name,
      sha256: sha256(file.bytes),
      bytes: file.bytes.length,
    })),
  };
  writeFileSync(join(output, `${name}.json`), `${JSON.stringify(manifest, undefined, 2)}\n`);
  say(`Built ${name}.zip: ${archive.length} bytes, ${manifest.sha256} (${since(start)})`);
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The proxy and Node.js in one file, for an architecture that need not be this machine's. */
async function executable(npmName) {
  const binary = await nodeBinary(npmName);
  const folder = mkdtempSync(join(tmpdir(), 'lpr-layer-'));
  try {
    const script = join(folder, 'lpr-proxy.cjs');
    const blob = join(folder, 'lpr-proxy.blob');
    const target = join(folder, 'lpr-proxy');
    writeFileSync(script, files.find(({ name }) => name === 'lpr/lpr-proxy.cjs').bytes);
    // Without a snapshot and a code cache the blob is the same for every architecture. The name of the
    // script is in it, so it has no folder.
    const config = {
      main: 'lpr-proxy.cjs',
      output: blob,
      disableExperimentalSEAWarning: true,
      useSnapshot: false,
      useCodeCache: false,
    };
    writeFileSync(join(folder, 'sea.json'), JSON.stringify(config));
    await expectSuccess(pinnedNode, ['--experimental-sea-config', 'sea.json'], folder);
    copyFileSync(binary, target);
    chmodSync(target, 0o755);
    const inject = [tool('postject/dist/cli.js'), target, 'NODE_SEA_BLOB', blob];
    await expectSuccess(pinnedNode, [...inject, '--sentinel-fuse', FUSE], folder);
    return readFileSync(target);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The Node.js that runs the tests, for another architecture, from npm. */
async function nodeBinary(npmName) {
  const name = `node-linux-${npmName}-${nodeVersion}`;
  const binary = join(cache, name);
  if (existsSync(binary)) return binary;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'download-'));
  try {
    say(`Downloading node-linux-${npmName}@${nodeVersion} …`);
    const from = `node-linux-${npmName}@${nodeVersion}`;
    await expectSuccess('npm', ['pack', from, '--silent', '--loglevel=error'], folder);
    await expectSuccess('tar', ['-xzf', `${name}.tgz`, 'package/bin/node'], folder);
    copyFileSync(join(folder, 'package', 'bin', 'node'), binary);
    return binary;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function expectSuccess(command, args, cwd) {
  const code = await run(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  if (code !== 0) {
    throw new Error(`Expected \`${command} ${args[0]}\` to succeed, it exited with ${code}`);
  }
}
