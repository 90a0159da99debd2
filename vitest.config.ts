import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Tests run against sources, so no build stands between an edit and its test; those of programs need one. */
export default defineConfig({
  resolve: {
    alias: {
      'lpr-protocol': source('protocol/src/index.ts'),
      'lpr-lambda-adapter/stream': source('adapter/src/stream.ts'),
      'lpr-lambda-adapter/invoke-store': source('adapter/src/invoke-store.ts'),
      'lpr-lambda-adapter': source('adapter/src/index.ts'),
      'lpr-router': source('router/src/index.ts'),
      'lpr-emulator': source('emulator/src/index.ts'),
      'lpr-testkit/fast-check': source('testkit/src/fast-check.ts'),
      'lpr-testkit/msw': source('testkit/src/msw.ts'),
      'lpr-testkit/vitest': source('testkit/src/vitest.ts'),
      'lpr-testkit': source('testkit/src/index.ts'),
    },
  },
  test: {
    include: [
      '*/test/**/*.test.ts',
      'adapter/layer/test/**/*.test.ts',
      'examples/*/test/**/*.test.ts',
      'sam/functions/*/test/**/*.test.ts',
    ],
    // A busy machine is no failure.
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
