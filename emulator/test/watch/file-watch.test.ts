import { rename, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FileWatch } from '../../src/watch/file-watch.ts';
import { createProject } from '../support/project.ts';

async function start(files: Record<string, string>, watched: readonly string[]) {
  const project = await createProject(files);
  const at = (name: string): string => join(project.directory, name);
  const changes: string[] = [];
  const watch = new FileWatch((changed) => changes.push(...changed));
  onTestFinished(() => watch.close());
  await watch.set(watched.map(at));
  return { ...project, at, changes };
}

test('a file that is saved as it was, or not asked for, is no change', async () => {
  const { at, changes, write } = await start(
    { 'a.ts': '1', 'b.ts': '1', 'c.ts': '1', 'same.ts': '1' },
    ['a.ts', 'b.ts'],
  );
  await utimes(at('a.ts'), new Date(), new Date());
  await rename(at('same.ts'), at('a.ts'));
  await write('c.ts', '2');
  await expect
    .poll(async () => {
      await write('b.ts', `${changes.length + 2}`);
      return changes.length;
    })
    .toBeGreaterThan(1);
  expect(new Set(changes)).toEqual(new Set([at('b.ts')]));
});

test('a file that another one takes the place of, that goes and that comes is a change', async () => {
  const { at, changes, write } = await start({ 'a.ts': '1', 'next.ts': '2' }, ['a.ts', 'later.ts']);
  await rename(at('next.ts'), at('a.ts'));
  await expect.poll(() => changes).toEqual([at('a.ts')]);
  await rename(at('a.ts'), at('gone.ts'));
  await expect.poll(() => changes).toEqual([at('a.ts'), at('a.ts')]);
  await write('later.ts', '1');
  await expect.poll(() => changes).toEqual([at('a.ts'), at('a.ts'), at('later.ts')]);
});
