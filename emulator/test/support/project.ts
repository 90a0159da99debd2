import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder with a user's files. */
export interface Project {
  readonly directory: string;
  readonly write: (path: string, text: string) => Promise<void>;
}

/** Writes `files` into a new folder that is removed when the current test ends. */
export async function createProject(files: Record<string, string>): Promise<Project> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'project-')));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const write = async (path: string, text: string): Promise<void> => {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  for (const [path, text] of Object.entries(files)) await write(path, text);
  return { directory, write };
}
