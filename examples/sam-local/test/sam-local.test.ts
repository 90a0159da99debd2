import { fileURLToPath } from 'node:url';
import 'lpr-testkit/vitest';
import { startEmulator } from 'lpr-emulator';
import { expect, test } from 'vitest';

const template = fileURLToPath(new URL('../template.yaml', import.meta.url));

test('functions and routes of a SAM template run as they are deployed', async () => {
  await using emulator = await startEmulator({ template, port: 0, lambdaPort: 0 });
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
