import { dirname, extname, posix } from 'node:path';
import { mapping, text } from './raw-manifest.ts';

/**
 * The handler as it is in the sources: `sam build` with `BuildMethod: esbuild` bundles entry points and
 * puts them below the folder that all of them share, so that `src/api/hello.ts` alone becomes `hello.js`, and
 * `hello.handler` is what the template has.
 */
export function sourceOfHandler(handler: string, metadata: unknown): string {
  const { BuildMethod, BuildProperties } = mapping(metadata);
  const written = mapping(BuildProperties)['EntryPoints'];
  if (BuildMethod !== 'esbuild' || !Array.isArray(written)) return handler;
  const entries = written.map((entry) => posix.normalize(text(entry)));
  const base = commonFolder(entries.map((entry) => dirname(entry)));
  const file = posix.basename(handler);
  const dot = file.indexOf('.');
  const module = posix.join(posix.dirname(handler), file.slice(0, dot));
  const source = entries.find((entry) => {
    const output = posix.relative(base, entry);
    return output.slice(0, -extname(output).length) === module;
  });
  if (source === undefined) return handler;
  return source.slice(0, -extname(source).length) + file.slice(dot);
}

function commonFolder(folders: readonly string[]): string {
  const [first = '.', ...rest] = folders.map((folder) => folder.split('/'));
  if (first === '.') return '.';
  const length = first.findIndex((part, index) => rest.some((other) => other[index] !== part));
  return first.slice(0, length === -1 ? undefined : length).join('/') || '.';
}
