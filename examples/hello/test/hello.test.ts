import { fileURLToPath } from 'node:url';
import { startEmulator } from 'lpr-emulator';
import { expect, test } from 'vitest';

const config = fileURLToPath(new URL('../lpr.yaml', import.meta.url));

const start = () => startEmulator({ config, port: 0, lambdaPort: 0 });

test('four requests at once are answered each with its own name', async () => {
  await using emulator = await start();
  const names = ['ada', 'grace', 'barbara', 'frances'];
  const answers = await Promise.all(
    names.map(async (name) => (await fetch(`${emulator.url}/hello/${name}`)).json()),
  );
  expect(answers).toEqual(names.map((hello) => ({ hello })));
});

test('a slow request of a streamed batch delays nobody', async () => {
  await using emulator = await start();
  const order: string[] = [];
  const ask = async (name: string, delayMs: number) => {
    const response = await fetch(`${emulator.url}/hello-stream/${name}?delayMs=${delayMs}`);
    order.push(name);
    expect(await response.json()).toEqual({ hello: name, delayMs });
  };
  await Promise.all([ask('slow', 500), ask('fast', 0)]);
  expect(order).toEqual(['fast', 'slow']);
});
