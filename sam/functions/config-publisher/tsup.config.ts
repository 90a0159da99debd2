import { fileURLToPath } from 'node:url';
import { defineConfig } from 'tsup';

const source = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** One file with everything in it: Lambda installs nothing, and what is tested is what runs. */
export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm'],
  outExtension: () => ({ js: '.mjs' }),
  target: 'node22',
  platform: 'node',
  noExternal: [/./],
  minify: true,
  // The SDK loads kinds of credentials on demand, which would be files of their own.
  splitting: false,
  esbuildOptions(options) {
    // From their sources, so that the router's HTTP server and telemetry, which nothing here uses, stay out.
    options.alias = {
      'lpr-router': source('router/src/index.ts'),
      'lpr-protocol': source('protocol/src/index.ts'),
    };
    // CommonJS packages ask for it.
    options.banner = {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    };
    options.legalComments = 'none';
  },
});
