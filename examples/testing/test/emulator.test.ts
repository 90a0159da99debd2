import { fileURLToPath } from 'node:url';
import { startEmulator } from 'lpr-emulator';
import 'lpr-testkit/vitest';
import { expect, test } from 'vitest';

const handler = fileURLToPath(new URL('../src/hello.ts', import.meta.url));

test('a running emulator batches, too', async () => {
  await using emulator = await startEmulator({ handler, port: 0 });
  const answers = await Promise.all(['/a', '/b'].map((path) => emulator.inject(path)));

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404]);
  expect(emulator).toHaveBatched([['/a', '/b']], { anyOrder: true });
  expect(emulator).toHaveReleasedBecause('window');
});
