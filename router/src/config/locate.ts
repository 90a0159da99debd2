import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ConfigError } from './problem.ts';

/** A manifest's text and the name to call it by. */
export interface LocatedText {
  readonly file: string;
  readonly text: string;
}

const SCHEME = /^(?<scheme>[A-Za-z][\dA-Za-z+.-]+):\/\//;

/**
 * Reads the text at a path or `file://` URL.
 *
 * @throws ConfigError when it is another kind of URL, or not a readable file
 */
export async function readLocation(location: string): Promise<LocatedText> {
  const file = pathOf(location);
  try {
    return { file, text: await readFile(file, 'utf8') };
  } catch (error) {
    throw unreadable(file, 'a readable file', reasonOf(error), error);
  }
}

function pathOf(location: string): string {
  const scheme = SCHEME.exec(location)?.groups?.['scheme'];
  if (scheme === undefined) return location;
  if (scheme.toLowerCase() !== 'file') {
    throw unreadable(location, 'a path or a `file://` URL', `\`${scheme}://\``);
  }
  try {
    return fileURLToPath(location);
  } catch (error) {
    throw unreadable(location, 'a `file://` URL of a local file', `\`${location}\``, error);
  }
}

function unreadable(file: string, expected: string, got: string, cause?: unknown): ConfigError {
  return new ConfigError([{ file, position: undefined, key: 'location', expected, got }], {
    cause,
  });
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return 'nothing there (ENOENT)';
    case 'EISDIR':
      return 'a directory (EISDIR)';
    case 'EACCES':
      return 'no permission to read it (EACCES)';
    default:
      return code ?? message;
  }
}
