import { fileURLToPath } from 'node:url';
import { startEmulator } from 'lpr-emulator';
import { expect, test } from 'vitest';

const config = fileURLToPath(new URL('../lpr.yaml', import.meta.url));

const start = () => startEmulator({ config, port: 0, lambdaPort: 0 });

test('a Hono application answers a batch, each request with its own id', async () => {
  await using emulator = await start();
  const answers = await Promise.all(
    ['ada', 'grace'].map(async (name) => {
      const response = await fetch(`${emulator.url}/api/hello/${name}`);
      return (await response.json()) as { hello: string; requestId: string };
    }),
  );
  expect(answers.map(({ hello }) => hello)).toEqual(['ada', 'grace']);
  expect(new Set(answers.map(({ requestId }) => requestId)).size).toBe(2);
});

test('it reads bodies and fails as Hono fails', async () => {
  await using emulator = await start();
  const post = (body: string) => fetch(`${emulator.url}/api/echo`, { method: 'POST', body });
  const [echoed, refused] = await Promise.all([post('héllo'), post('')]);
  expect([echoed.status, await echoed.text()]).toEqual([200, 'héllo']);
  expect([refused.status, await refused.text()]).toEqual([400, 'Nothing to echo']);
});

test('it streams', async () => {
  await using emulator = await start();
  const response = await fetch(`${emulator.url}/api/count/3`);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(await response.text()).toBe('data: 1\n\ndata: 2\n\ndata: 3\n\n');
});
