import { defineConfig } from 'tsup';

export default defineConfig([
  { entry: ['src/index.ts'], format: ['esm', 'cjs'], target: 'node22', dts: true, shims: true },
  // The program, which `bin/` loads, and what runs in worker threads.
  {
    entry: { cli: 'src/cli.ts', 'worker-main': 'src/functions/worker-main.ts' },
    format: ['esm'],
    target: 'node22',
  },
]);
