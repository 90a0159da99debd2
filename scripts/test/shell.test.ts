import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { command, expectSuccess } from '../release/command.ts';
import { root } from '../release/packages.ts';

/** Every committed file that a shell runs. */
async function shellScripts(): Promise<string[]> {
  const listed = await expectSuccess('git', ['ls-files'], { cwd: root });
  return listed
    .split('\n')
    .filter((path) => /(^|\/)[^./]+$|\.sh$|^\.ci\//.test(path))
    .filter((path) => /^#!.*\b(ba)?sh\b/.test(readFileSync(join(root, path), 'utf8')));
}

test('every shell script passes shellcheck', async () => {
  const scripts = await shellScripts();
  expect(scripts).toEqual(expect.arrayContaining(['.ci/run', 'adapter/layer/exec-wrapper.sh']));
  const { output } = await command('shellcheck', scripts, { cwd: root }).catch((cause: unknown) => {
    throw new Error('Expected `shellcheck`, got none: apt-get install shellcheck', { cause });
  });
  expect(output).toBe('');
});
