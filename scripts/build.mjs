import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled } from './install.mjs';
import {
  hashOf,
  pinnedNode,
  readStamps,
  root,
  run,
  say,
  since,
  tool,
  writeStamp,
} from './workspace.mjs';

/** Workspaces that are built, and what they are built from; in build order. */
const DEPENDENCIES = {
  protocol: [],
  adapter: ['protocol'],
  router: ['protocol'],
  emulator: ['protocol', 'router'],
  testkit: ['protocol', 'router', 'emulator'],
  // Deployed as it is built: `sam build` only copies it.
  'sam/functions/config-publisher': ['protocol', 'router'],
};

/** What else a workspace's build reads. */
const OTHERS = { emulator: ['emulator/inspector', 'adapter/layer', 'scripts/layer-files.mjs'] };

/** Builds each workspace whose sources, or those it is built from, have changed. */
export async function ensureBuilt() {
  const common = hashOf(['package-lock.json', 'tsconfig.json']);
  const keys = {};
  const building = {};
  for (const [name, dependencies] of Object.entries(DEPENDENCIES)) {
    const seed = [common, ...dependencies.map((dependency) => keys[dependency])].join();
    keys[name] = hashOf(
      [`${name}/src`, `${name}/package.json`, `${name}/tsup.config.ts`, ...(OTHERS[name] ?? [])],
      seed,
    );
    building[name] = Promise.all(dependencies.map((dependency) => building[dependency])).then(() =>
      build(name, keys[name]),
    );
  }
  await Promise.all(Object.values(building));
}

async function build(name, key) {
  const dist = join(root, name, 'dist');
  if (existsSync(dist) && readStamps()[name] === key) return;
  const start = performance.now();
  rmSync(dist, { recursive: true, force: true });
  const code = await run(pinnedNode, [tool('tsup/dist/cli-default.js'), '--silent'], {
    cwd: join(root, name),
  });
  if (code !== 0) {
    say(`Expected the build of ${name} to succeed, it exited with ${code}`);
    process.exit(1);
  }
  if (name === 'emulator') {
    // An installed emulator runs functions behind the layer, too.
    const { writeLayer } = await import('./layer-files.mjs');
    await writeLayer(join(dist, 'layer'));
  }
  writeStamp(name, key);
  say(`Built ${name} in ${since(start)}`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await ensureInstalled();
  await ensureBuilt();
}
