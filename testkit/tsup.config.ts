import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts', 'src/fast-check.ts', 'src/vitest.ts'],
  format: ['esm', 'cjs'],
  target: 'node22',
  dts: true,
});
