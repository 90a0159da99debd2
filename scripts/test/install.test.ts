import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { root } from './program.ts';

const run = promisify(execFile);

it("building AWS's runtime client leaves the Node.js that is under test where it is", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lpr-install-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of ['install.mjs', 'workspace.mjs']) {
    await cp(join(root, 'scripts', name), join(folder, 'scripts', name));
  }
  const lock = { packages: { 'node_modules/aws-lambda-ric': { version: '4.0.2' } } };
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock));
  await mkdir(join(folder, 'node_modules', 'node'), { recursive: true });
  const underTest = join(folder, 'node_modules', 'node', 'package.json');
  await writeFile(underTest, '{"version":"22.23.3"}');
  // In place of npm, in the folder that the script looks in first.
  const bin = join(folder, 'node_modules', '.bin');
  await mkdir(bin);
  await writeFile(join(bin, 'npm'), '#!/bin/sh\necho "$@" > asked\n', { mode: 0o755 });

  const main = join(folder, 'main.mjs');
  const code = "await (await import('./scripts/install.mjs')).ensureRuntimeClient();";
  await writeFile(main, code);
  await run(process.execPath, [main]);

  const asked = (await readFile(join(folder, 'asked'), 'utf8')).trim().split(' ');
  expect(asked).toContain('--no-save');
  expect(asked.slice(-2)).toEqual(['aws-lambda-ric@4.0.2', 'node@22.23.3']);
});
