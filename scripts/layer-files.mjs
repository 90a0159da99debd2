import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { root } from './workspace.mjs';

const layer = join(root, 'adapter', 'layer');

/** The proxy as one script, for the Node.js of a runtime. */
async function bundleProxy() {
  const { outputFiles } = await build({
    entryPoints: [join(layer, 'src', 'main.ts')],
    absWorkingDir: root,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    minify: true,
    alias: { 'lpr-protocol': join(root, 'protocol', 'src', 'index.ts') },
    legalComments: 'none',
  });
  return Buffer.from(outputFiles[0].contents);
}

/** What every layer consists of, by its path below `/opt`. */
export async function layerFiles() {
  const file = (name) => readFileSync(join(layer, name));
  return [
    {
      name: 'extensions/lpr-runtime-api-proxy',
      bytes: file('extensions/lpr-runtime-api-proxy'),
      executable: true,
    },
    { name: 'lpr/exec-wrapper.sh', bytes: file('exec-wrapper.sh'), executable: true },
    { name: 'lpr/lpr-proxy.cjs', bytes: await bundleProxy(), executable: false },
  ];
}

/** Writes the files of a layer into a folder laid out like `/opt`. */
export async function writeLayer(folder) {
  for (const { name, bytes, executable } of await layerFiles()) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    chmodSync(path, executable ? 0o755 : 0o644);
  }
}
