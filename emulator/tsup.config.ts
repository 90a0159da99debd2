import { defineConfig } from 'tsup';

export default defineConfig([
  { entry: ['src/index.ts'], format: ['esm', 'cjs'], target: 'node22', dts: true, shims: true },
  // The program, which `bin/` loads, and what runs in worker threads.
  {
    entry: { cli: 'src/cli.ts', 'worker-main': 'src/functions/worker-main.ts' },
    format: ['esm'],
    target: 'node22',
  },
  // The inspector's page: one script and one style sheet, with all that they need.
  {
    entry: { page: 'inspector/main.tsx' },
    outDir: 'dist/inspector',
    publicDir: 'inspector/public',
    format: ['esm'],
    platform: 'browser',
    target: 'es2022',
    minify: true,
    banner: { js: '/*! Contains Preact: see preact-license.txt */' },
    esbuildOptions(options) {
      options.jsx = 'automatic';
      options.jsxImportSource = 'preact';
    },
  },
]);
