import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { closeBrowser, openPage } from '../support/browser.ts';
import { manifestOf, route, startInspected } from '../support/inspected.ts';

afterAll(closeBrowser);

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The rows of the list, as text. */
const rowsOf = (page: Page) => page.getByRole('grid').locator('tbody').getByRole('row');
const details = (page: Page) => page.getByRole('complementary');

/** What axe finds wrong with what is shown. */
async function faultsOf(page: Page): Promise<string[]> {
  // As the browser's own tools do, past the page's policy.
  await page.evaluate(AXE);
  const found = (await page.evaluate('axe.run()')) as {
    violations: { id: string; nodes: { html: string }[] }[];
  };
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`);
}

test.for(['light', 'dark'] as const)(
  'in %s colours axe finds nothing wrong',
  async (colorScheme) => {
    const { emulator, pair } = await startInspected();
    await pair();
    await pair('/stream');
    await emulator.fetch('/elsewhere');
    const { page } = await openPage(emulator.inspectorUrl, { colorScheme });
    await expect.poll(() => rowsOf(page).count()).toBe(3);
    expect(await faultsOf(page)).toEqual([]);
    await rowsOf(page).nth(1).click();
    await details(page).getByRole('button', { name: /GET/ }).first().click();
    await details(page).getByRole('region', { name: 'Item' }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    for (const name of ['Event', /Answer/, /Log/]) {
      await details(page).getByRole('tab', { name }).click();
      expect(await faultsOf(page)).toEqual([]);
    }
    await page.getByRole('link', { name: 'Functions' }).click();
    expect(await faultsOf(page)).toEqual([]);
    const back = await page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    expect(back).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(20, 24, 29)');
  },
);

test.for([400, 700, 1200])('on a page of %i px nothing is beside the page', async (width) => {
  const name = 'a-function-whose-name-is-as-long-as-names-are-said-to-be';
  const path = `/${'a-long-segment/'.repeat(8)}{name}`;
  const { emulator } = await startInspected(
    manifestOf(
      { [path]: { get: route({ function: name }) } },
      { [name]: { Handler: 'echo.handler' } },
    ),
  );
  await Promise.all(['x', 'y'].map((one) => emulator.fetch(path.replace('{name}', one))));
  const viewport = { width, height: 700 };
  const { page } = await openPage(emulator.inspectorUrl, { viewport });
  const widthOf = () => page.evaluate('document.documentElement.scrollWidth');
  await rowsOf(page).first().waitFor();
  expect(await widthOf()).toBe(width);
  await rowsOf(page).first().click();
  await details(page).getByRole('button', { name: /GET/ }).first().click();
  await details(page).getByRole('region', { name: 'Item' }).waitFor();
  expect(await widthOf()).toBe(width);
  await page.getByRole('link', { name: 'Functions' }).click();
  await page.getByRole('cell', { name }).first().waitFor();
  expect(await widthOf()).toBe(width);
});

test('whatever the keyboard comes to has a ring around it', async () => {
  const { emulator, pair } = await startInspected();
  await pair();
  const { page } = await openPage(emulator.inspectorUrl);
  await rowsOf(page).first().waitFor();
  const rings = new Map<unknown, unknown>();
  for (let step = 0; step < 6; step += 1) {
    await page.keyboard.press('Tab');
    const ring = 'getComputedStyle(document.activeElement).outlineStyle';
    rings.set(await page.evaluate('document.activeElement.tagName'), await page.evaluate(ring));
  }
  expect(Object.fromEntries(rings)).toEqual({
    A: 'solid',
    SELECT: 'solid',
    BUTTON: 'solid',
    TR: 'solid',
  });
});
