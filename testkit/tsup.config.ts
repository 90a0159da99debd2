import { defineConfig } from 'tsup';

export default defineConfig([
  {
    entry: ['src/index.ts', 'src/fast-check.ts', 'src/msw.ts', 'src/vitest.ts'],
    format: ['esm', 'cjs'],
    target: 'node22',
    dts: true,
  },
  // The program, which `bin/` loads.
  { entry: ['src/cli.ts'], format: ['esm'], target: 'node22' },
]);
