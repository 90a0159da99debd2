import { fileURLToPath } from 'node:url';
import 'lpr-testkit/vitest';
import { startEmulator } from 'lpr-emulator';
import { expect, test } from 'vitest';

const template = fileURLToPath(new URL('../template.yaml', import.meta.url));

/** With windows that no machine is too slow for, and batches that leave when they have four requests. */
async function start(maxBatchSize = 4) {
  const emulator = await startEmulator({ template, port: 0, lambdaPort: 0 });
  const { config: written } = emulator.router;
  const operations = written.operations.map((operation) => ({
    ...operation,
    maxBatchSize,
    maxWaitMs: 20_000,
    timeoutMs: 25_000,
  }));
  emulator.router.reload({ ...written, operations });
  return emulator;
}

test('functions and routes of a SAM template run as they are deployed', async () => {
  await using emulator = await start();
  const names = ['ada', 'grace', 'barbara', 'frances'];
  const answers = await Promise.all(
    names.map(async (name) => (await emulator.fetch(`/greet/${name}`)).json()),
  );
  expect(answers).toEqual(
    names.map((name) => ({ greeting: `Hello, ${name}`, memory: expect.anything() })),
  );
  expect(emulator).toHaveBatched([4]);
  const [greet] = emulator.functions;
  expect(greet).toMatchObject({ name: 'Greet', timeoutSeconds: 5, memoryMb: 512 });
});
