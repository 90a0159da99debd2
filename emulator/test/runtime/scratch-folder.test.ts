import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { withScratchFolder } from '../../src/runtime/scratch-folder.ts';
import { createProject } from '../support/project.ts';

test('a folder is there while it is used, and gone afterwards, also after a failure', async () => {
  let used = '';
  await withScratchFolder(async (folder) => {
    used = folder;
    expect((await stat(folder)).isDirectory()).toBe(true);
  });
  expect(existsSync(used)).toBe(false);
  const failing = withScratchFolder(async (folder) => {
    used = folder;
    throw new Error('boom');
  });
  await expect(failing).rejects.toThrow('boom');
  expect(existsSync(used)).toBe(false);
});

test('a process that exits in the middle leaves no folder behind', async () => {
  const { directory } = await createProject({});
  const module = fileURLToPath(new URL('../../src/runtime/scratch-folder.ts', import.meta.url));
  const program = `
    const { withScratchFolder } = await import(${JSON.stringify(module)});
    await withScratchFolder(async (folder) => { console.log(folder); process.exit(3); });`;
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { env: { ...process.env, TMPDIR: directory }, encoding: 'utf8' },
  );
  expect(status).toBe(3);
  expect(stdout).toContain(directory);
  expect(await readdir(directory)).toEqual([]);
});
