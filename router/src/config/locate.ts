import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ConfigError } from './problem.ts';
import { openS3Object } from './s3-object.ts';

/** A manifest's text and the name to call it by. */
export interface LocatedText {
  readonly file: string;
  readonly text: string;
}

/** Where a manifest is. */
export type Location =
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 's3'; readonly url: string; readonly bucket: string; readonly key: string };

const SCHEME = /^(?<scheme>[A-Za-z][\dA-Za-z+.-]+):\/\//;

/**
 * Takes a path, a `file://` URL or `s3://bucket/key` apart.
 *
 * @throws ConfigError for another kind of URL, or a malformed one
 */
export function parseLocation(location: string): Location {
  const scheme = SCHEME.exec(location)?.groups?.['scheme'];
  switch (scheme?.toLowerCase()) {
    case undefined:
      return { type: 'file', path: location };
    case 'file':
      return { type: 'file', path: pathOf(location) };
    case 's3': {
      // Not an URL's rules: in a key, `%` and `?` are characters like any other.
      const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/is.exec(location) ?? [];
      if (bucket !== undefined && key !== undefined) {
        return { type: 's3', url: location, bucket, key };
      }
      throw unreadable(location, '`s3://BUCKET/KEY`', `\`${location}\``);
    }
    default:
      throw unreadable(location, 'a path, `file://` or `s3://`', `\`${scheme}://\``);
  }
}

/**
 * Reads the text at a path, a `file://` URL or `s3://bucket/key`.
 *
 * @throws ConfigError when it is another kind of URL, or cannot be read
 */
export async function readLocation(location: string): Promise<LocatedText> {
  const parsed = parseLocation(location);
  if (parsed.type === 's3') {
    const object = await openS3Object(parsed);
    try {
      return { file: parsed.url, text: await object.text() };
    } catch (error) {
      const { expected, got } = object.explain(error);
      throw unreadable(parsed.url, expected, got, error);
    } finally {
      object.close();
    }
  }
  const { path } = parsed;
  try {
    return { file: path, text: await readFile(path, 'utf8') };
  } catch (error) {
    throw unreadable(path, 'a readable file', reasonOf(error), error);
  }
}

/** Differs whenever what is in a file does, or whether it can be read; never fails. */
export async function fileFingerprint(path: string): Promise<string> {
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  } catch (error) {
    return reasonOf(error);
  }
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw unreadable(url, 'a `file://` URL of a local file', `\`${url}\``, error);
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
