import { pathToFileURL } from 'node:url';
import { pinnedNode, run, say, since, tool } from './workspace.mjs';

const CHECKS = {
  types: ['typescript/bin/tsc', '-p', 'tsconfig.json'],
  'types of the inspector': ['typescript/bin/tsc', '-p', 'emulator/inspector/tsconfig.json'],
  lint: ['oxlint/bin/oxlint', '--type-aware', '--deny-warnings'],
  format: ['oxfmt/bin/oxfmt', '--check'],
};

/** Types, lint and format; returns the names of those that failed. */
export async function check() {
  const failed = [];
  for (const [name, [program, ...args]] of Object.entries(CHECKS)) {
    const start = performance.now();
    const code = await run(pinnedNode, [tool(program), ...args]);
    say(`${code === 0 ? 'Checked' : 'Failed'}: ${name} (${since(start)})`);
    if (code !== 0) failed.push(name);
  }
  return failed;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = (await check()).length === 0 ? 0 : 1;
}
