import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));

/** Bytes that an export adds to a bundle, minified and gzipped; and what the bundle still imports. */
async function bundle(contents: string) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: folder, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    write: false,
    metafile: true,
    alias: { 'lpr-protocol': `${folder}/../protocol/src/index.ts` },
  });
  const [output] = Object.values(metafile.outputs);
  return {
    bytes: gzipSync(outputFiles[0]!.contents, { level: 9 }).length,
    imports: output!.imports.map(({ path }) => path),
  };
}

/**
 * Ceilings: 3 KB buffered and 5 KB with streaming are the budget; the others are what is there, rounded up, so that
 * growth is noticed.
 */
describe('a bundle, minified and gzipped', () => {
  it.each([
    ['buffered', "export { withBatchAdapter } from './src/index.ts'", 3_072],
    [
      'buffered and streamed',
      "export { withBatchAdapter, withBatchAdapterStream } from './src/index.ts'",
      5_120,
    ],
    ['everything', "export * from './src/index.ts'", 6_656],
    ['the invoke store', "export * from './src/invoke-store.ts'", 832],
  ])('of %s stays below its ceiling and imports nothing but Node', async (_, contents, ceiling) => {
    const { bytes, imports } = await bundle(contents);
    expect(bytes).toBeLessThanOrEqual(ceiling);
    expect(imports.filter((path) => !path.startsWith('node:'))).toEqual([]);
  });
});
