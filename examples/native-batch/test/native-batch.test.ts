import { fileURLToPath } from 'node:url';
import { startEmulator } from 'lpr-emulator';
import { expect, test } from 'vitest';

const config = fileURLToPath(new URL('../lpr.yaml', import.meta.url));

test('four requests at once are answered by one query, each with its own user', async () => {
  await using emulator = await startEmulator({ config, port: 0, lambdaPort: 0 });
  const { config: written } = emulator.router;
  // A window that no machine is too slow for: the batch leaves when it has its four requests.
  const operations = written.operations.map((operation) => ({
    ...operation,
    maxWaitMs: 20_000,
    timeoutMs: 25_000,
  }));
  emulator.router.reload({ ...written, operations });
  const responses = await Promise.all(
    ['1', '2', '9', '1'].map((id) => fetch(`${emulator.url}/users/${id}`)),
  );
  expect(responses.map(({ status }) => status)).toEqual([200, 200, 404, 200]);
  expect(await Promise.all(responses.map((response) => response.json()))).toEqual([
    { id: '1', name: 'Ada', foundWith: 3 },
    { id: '2', name: 'Grace', foundWith: 3 },
    { message: 'No such user' },
    { id: '1', name: 'Ada', foundWith: 3 },
  ]);
});
