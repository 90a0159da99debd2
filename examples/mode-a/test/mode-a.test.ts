import { fileURLToPath } from 'node:url';
import { startEmulator } from 'lpr-emulator';
import { expect, it } from 'vitest';

const config = fileURLToPath(new URL('../lpr.yaml', import.meta.url));

it('answers four requests to each handler, with one invocation per batch', async () => {
  await using emulator = await startEmulator({ config, port: 0 });
  const names = ['ada', 'grace', 'barbara', 'frances'];
  for (const [path, language] of [
    ['node', 'Node.js'],
    ['python', 'Python'],
  ]) {
    const bodies = await Promise.all(
      names.map(async (name) => (await fetch(`${emulator.url}/${path}/${name}`)).text()),
    );
    expect(bodies).toEqual(names.map((name) => `Hello from ${language}, ${name}!\n`));
  }
});
