import { fileURLToPath } from 'node:url';
import { startEmulator } from 'lpr-emulator';
import { recordBatches } from 'lpr-testkit';
import 'lpr-testkit/vitest';
import { expect, test } from 'vitest';

const handler = fileURLToPath(new URL('../src/hello.ts', import.meta.url));

test('a running emulator batches, too', async () => {
  await using emulator = await startEmulator({ handler, port: 0 });
  using recorder = recordBatches(emulator);
  const answers = await Promise.all(['/a', '/b'].map((path) => fetch(`${emulator.url}${path}`)));

  expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  expect(recorder.batches.flatMap(({ items }) => items)).toHaveLength(2);
});
