import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { pinnedNode, root, say } from './workspace.mjs';

/** What is run unless the arguments name something else. */
const HELLO = ['--config', join('examples', 'hello', 'lpr.yaml')];

const args = process.argv.slice(2);
const taken = flagsThatNpmTook();
if (taken.length > 0) {
  const flags = taken.map((name) => `--${name}`).join(', ');
  say(
    `Expected ${flags} after \`--\`, as in \`npm start -- --port 4000\`, got it before: npm took it`,
  );
  process.exit(2);
}

await ensureInstalled();
await ensureBuilt();

const program = join(root, 'emulator', 'bin', 'lpr-emulator.mjs');
const emulator = spawn(pinnedNode, [program, ...(namesWhatToRun() ? [] : HELLO), ...args], {
  cwd: root,
  stdio: 'inherit',
});
// The emulator decides how to end. A terminal signals it too; it tells the same Ctrl-C from a second one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => emulator.kill(signal));
}
emulator.once('exit', (code, signal) => {
  process.exitCode = code ?? (signal === null ? 1 : 128);
});

/** Arguments that begin with a handler or a command, or have a manifest, a template or a question. */
function namesWhatToRun() {
  const own = /^(--(config|template)(=|$)|--help$|-h$|--version$|-V$)/;
  return (args.length > 0 && !args[0].startsWith('-')) || args.some((arg) => own.test(arg));
}

/** Flags of the emulator that npm keeps for itself when no `--` stands before them. */
function flagsThatNpmTook() {
  const names = ['port', 'lambda-port', 'config', 'template', 'host'];
  return names.filter((name) => `npm_config_${name.replace('-', '_')}` in process.env);
}
