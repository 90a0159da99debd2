import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts', 'src/stream.ts', 'src/invoke-store.ts'],
  format: ['esm', 'cjs'],
  target: 'node22',
  noExternal: ['lpr-protocol'],
  dts: {
    resolve: ['lpr-protocol'],
    // Without the path, declarations keep `import … from 'lpr-protocol'`, which users do not have.
    compilerOptions: { paths: { 'lpr-protocol': ['../protocol/src/index.ts'] } },
  },
  clean: true,
});
