import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { pinnedNode, root } from './workspace.mjs';

await ensureInstalled();
await ensureBuilt();

const args = process.argv.slice(2);
const emulator = spawn(
  pinnedNode,
  [
    join(root, 'emulator', 'bin', 'lpr-emulator.mjs'),
    ...(args.length > 0 ? args : ['--config', join('examples', 'hello', 'lpr.yaml')]),
  ],
  { cwd: root, stdio: 'inherit' },
);
// The emulator decides how to end. A terminal signals it too; it tells the same Ctrl-C from a second one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => emulator.kill(signal));
}
emulator.once('exit', (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 128);
});
