import { mkdir, mkdtemp, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ContentWatch } from '../../src/config/content-watch.ts';
import { watchConfig } from '../../src/config/watch.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lpr-watch-'));
  return () => rm(folder, { recursive: true });
});

/** `next` resolves with the content of `path` when a change of it is told the next time. */
async function watching(path: string, options?: Parameters<typeof watchConfig>[2]) {
  let tell = Promise.withResolvers<string>();
  const watch = await watchConfig(
    path,
    () => {
      tell.resolve(readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => error.code!));
      tell = Promise.withResolvers();
    },
    options,
  );
  onTestFinished(() => watch.close());
  return { next: () => tell.promise };
}

describe('watching a file', () => {
  test('tells when it is written in place', async () => {
    const path = join(folder, 'router.yaml');
    await writeFile(path, 'one');
    const { next } = await watching(path);
    const change = next();
    await writeFile(path, 'two');
    expect(await change).toBe('two');
  });

  test('tells time and again when another file takes its place', async () => {
    const path = join(folder, 'router.yaml');
    await writeFile(path, 'one');
    const { next } = await watching(path);
    for (const text of ['two', 'three']) {
      const change = next();
      await writeFile(`${path}.new`, text);
      await rename(`${path}.new`, path);
      expect(await change).toBe(text);
    }
  });

  test('tells that it is gone, and that it is back', async () => {
    const path = join(folder, 'router.yaml');
    await writeFile(path, 'one');
    const { next } = await watching(path);
    const gone = next();
    await unlink(path);
    expect(await gone).toBe('ENOENT');
    const back = next();
    await writeFile(path, 'one');
    expect(await back).toBe('one');
  });

  test('sees Kubernetes swap the link to the folder that a ConfigMap is in', async () => {
    const publish = async (version: string) => {
      await mkdir(join(folder, version));
      await writeFile(join(folder, version, 'router.yaml'), version);
      await symlink(version, join(folder, '..data_tmp'));
      await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    await publish('..one');
    const path = join(folder, 'router.yaml');
    await symlink('..data/router.yaml', path);
    const { next } = await watching(path);
    for (const version of ['..two', '..three']) {
      const change = next();
      await publish(version);
      expect(await change).toBe(version);
    }
  });

  test('sees the file at the end of a link be written', async () => {
    await mkdir(join(folder, 'real'));
    await mkdir(join(folder, 'linked'));
    await writeFile(join(folder, 'real', 'router.yaml'), 'one');
    const path = join(folder, 'linked', 'router.yaml');
    await symlink('../real/router.yaml', path);
    const { next } = await watching(path);
    const change = next();
    await writeFile(join(folder, 'real', 'router.yaml'), 'two');
    expect(await change).toBe('two');
  });

  test('follows a link that leads elsewhere, and sees what is written there', async () => {
    for (const release of ['one', 'two']) {
      await mkdir(join(folder, release));
      await writeFile(join(folder, release, 'router.yaml'), release);
    }
    await mkdir(join(folder, 'linked'));
    const path = join(folder, 'linked', 'router.yaml');
    await symlink('../one/router.yaml', path);
    const { next } = await watching(path);
    const moved = next();
    await symlink('../two/router.yaml', `${path}.new`);
    await rename(`${path}.new`, path);
    expect(await moved).toBe('two');
    const change = next();
    await writeFile(join(folder, 'two', 'router.yaml'), 'three');
    expect(await change).toBe('three');
  });

  test('looks from time to time, for what no event tells', async () => {
    for (const release of ['one', 'two']) {
      await mkdir(join(folder, release));
      await writeFile(join(folder, release, 'router.yaml'), release);
    }
    await symlink('one', join(folder, 'current'));
    const { next } = await watching(join(folder, 'current', 'router.yaml'), { pollMs: 10 });
    const change = next();
    await symlink('two', join(folder, 'next'));
    await rename(join(folder, 'next'), join(folder, 'current'));
    expect(await change).toBe('two');
  });

  test('says nothing of other files, nor after it is closed', async () => {
    const path = join(folder, 'router.yaml');
    const other = join(folder, 'other.yaml');
    await writeFile(path, 'one');
    await writeFile(other, 'one');
    const first = vi.fn<() => void>();
    const watch = await watchConfig(path, first);
    const { next } = await watching(other);
    const otherChanged = next();
    await writeFile(other, 'two');
    await otherChanged;
    watch.close();
    const { next: nextOfPath } = await watching(path);
    const changed = nextOfPath();
    await writeFile(path, 'two');
    await changed;
    expect(first).not.toHaveBeenCalled();
  });

  test('takes a file:// URL, and refuses what is no location', async () => {
    const path = join(folder, 'router.yaml');
    await writeFile(path, 'one');
    const changed = Promise.withResolvers<void>();
    const watch = await watchConfig(pathToFileURL(path).href, changed.resolve);
    onTestFinished(() => watch.close());
    await writeFile(path, 'two');
    await changed.promise;
    await expect(watchConfig('ftp://host/x', () => {})).rejects.toThrow('got `ftp://`');
  });
});

describe('comparing contents', () => {
  test('the same content is no change, however often it is looked at', async () => {
    let content = 'one';
    const onChange = vi.fn<() => void>();
    const watch = new ContentWatch('one', async () => content, onChange);
    await watch.look();
    await watch.look();
    expect(onChange).not.toHaveBeenCalled();
    content = 'two';
    await watch.look();
    await watch.look();
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  test('what changes during a look is found by one more', async () => {
    const looks: PromiseWithResolvers<string>[] = [];
    const onChange = vi.fn<() => void>();
    const look = () => {
      const pending = Promise.withResolvers<string>();
      looks.push(pending);
      return pending.promise;
    };
    const watch = new ContentWatch('one', look, onChange);
    const done = watch.look();
    await watch.look();
    await watch.look();
    expect(looks).toHaveLength(1);
    looks[0]!.resolve('one');
    await vi.waitUntil(() => looks.length === 2);
    looks[1]!.resolve('two');
    await done;
    expect(looks).toHaveLength(2);
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  test('what is found after it was closed is not told', async () => {
    const pending = Promise.withResolvers<string>();
    const onChange = vi.fn<() => void>();
    const watch = new ContentWatch('one', () => pending.promise, onChange);
    const done = watch.look();
    watch.close();
    pending.resolve('two');
    await done;
    expect(onChange).not.toHaveBeenCalled();
  });
});
