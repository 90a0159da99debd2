import { fileURLToPath } from 'node:url';
import { startEmulator } from 'lpr-emulator';
import type { Emulator } from 'lpr-emulator';
import { launchChromium } from '../../emulator/test/support/chromium.ts';

const fileAt = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** What is on the picture: requests that share batches, streamed ones, and one that met no route. */
const ROUNDS = [
  ...Array.from({ length: 3 }, () => names(8).map((name) => `/hello/${name}`)),
  names(4).map((name) => `/hello-stream/${name}`),
  [...names(7).map((name) => `/hello/${name}`), '/helo/ada'],
  [...names(4), ...names(2)].map((name) => `/hello-stream/${name}`),
];

function names(many: number): string[] {
  return ['ada', 'grace', 'alan', 'edsger', 'barbara', 'donald', 'frances', 'ken'].slice(0, many);
}

async function send(emulator: Emulator): Promise<void> {
  for (const paths of ROUNDS) {
    await Promise.all(paths.map(async (path) => (await emulator.fetch(path)).text()));
    await new Promise((resolve) => setTimeout(resolve, 120));
  }
}

/** Writes the pictures of `docs/inspector.md` from a run of `examples/hello`. */
async function main(): Promise<void> {
  const emulator = await startEmulator({
    config: fileAt('examples/hello/lpr.yaml'),
    port: 0,
    inspector: true,
  });
  const browser = await launchChromium();
  await send(emulator);
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 640 }, colorScheme });
    await page.goto(emulator.inspectorUrl!);
    await page.getByRole('combobox', { name: 'Last' }).selectOption('2 s');
    await page.locator('tr', { hasText: '/hello/{name}' }).first().click();
    await page.getByRole('complementary').getByRole('button', { name: /GET/ }).first().click();
    await page.getByRole('region', { name: 'Item' }).waitFor();
    await page.screenshot({ path: fileAt(`docs/inspector-${colorScheme}.png`) });
  }
  await browser.close();
  await emulator[Symbol.asyncDispose]();
}

await main();
