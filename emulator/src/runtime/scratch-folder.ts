import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUNDLE_FOLDER } from './source-stack.ts';

const folders = new Set<string>();

function removeAll(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

/** A folder below the system's temporary one, until it is removed or the process exits. */
export interface ScratchFolder {
  readonly path: string;
  remove(): Promise<void>;
}

export async function createScratchFolder(): Promise<ScratchFolder> {
  const path = await mkdtemp(join(tmpdir(), BUNDLE_FOLDER));
  if (folders.size === 0) process.once('exit', removeAll);
  folders.add(path);
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true });
      folders.delete(path);
      if (folders.size === 0) process.off('exit', removeAll);
    },
  };
}

/** Gives `use` a new scratch folder and removes it afterwards. */
export async function withScratchFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await createScratchFolder();
  try {
    return await use(folder.path);
  } finally {
    await folder.remove();
  }
}
