import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { ConfigError } from 'lpr-router';

/** Reads files of `NAME=value` lines, later ones first. @throws ConfigError for one that cannot be read */
export async function readEnvFiles(files: readonly string[]): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const file of files) Object.assign(variables, parseEnv(await read(file)));
  return variables;
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const got = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const problem = { file, position: undefined, key: '--env-file', expected: 'a readable file' };
    throw new ConfigError([{ ...problem, got }], { cause });
  }
}
