import { afterAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { closeBrowser, openPage } from '../support/browser.ts';
import { manifestOf, route, startInspected } from '../support/inspected.ts';

afterAll(closeBrowser);

/** The rows of the list, as text. */
const rowsOf = (page: Page) => page.getByRole('grid').locator('tbody').getByRole('row');
const details = (page: Page) => page.getByRole('complementary');

test('a batch appears while one looks, without a reload and without anything from elsewhere', async () => {
  const { emulator, pair } = await startInspected();
  const { page, errors, requested } = await openPage(emulator.inspectorUrl);
  await page.getByText('Live').waitFor();
  await page.getByText('No batches yet').waitFor();
  expect(await page.getByText('for n in 1 2 3 4').innerText()).toContain(
    `'${emulator.url}/echo/world'`,
  );
  await pair();
  const [row] = [rowsOf(page).first()];
  await row.getByText('2 × 200').waitFor();
  const cells = await row.getByRole('gridcell').allInnerTexts();
  expect(cells[1]).toBe('/echo/{name}');
  expect(cells[2]).toBe('2');
  expect(cells[4]).toBe('full');
  expect(cells[7]).toMatch(/^#\d+\s*cold \d+/);
  expect(await page.getByText('2 requests in 1 invocation: 2.0 each').isVisible()).toBe(true);
  const lane = page.getByRole('img', { name: /^\/echo\/\{name\}: 1 entry/ });
  expect(await lane.locator('.run').count()).toBe(1);
  expect(await lane.locator('.arrival').count()).toBe(2);
  expect(new Set(requested)).toEqual(new Set([emulator.url]));
  expect(errors).toEqual([]);
});

test('a click opens the batch: its requests, their answers, the event, the records and the log', async () => {
  const { emulator, pair } = await startInspected();
  await pair();
  const { page } = await openPage(emulator.inspectorUrl);
  await rowsOf(page).first().click();
  const batch = details(page);
  expect(await batch.getByText('2 requests', { exact: true }).isVisible()).toBe(true);
  await batch
    .getByRole('button', { name: /GET \/echo\/(ada|grace)/ })
    .first()
    .click();
  await batch.getByRole('region', { name: 'Body of the answer' }).getByText('/echo/').waitFor();
  expect(await batch.getByRole('region', { name: 'Item' }).innerText()).toContain('"rawPath"');
  await batch.getByRole('tab', { name: 'Event' }).click();
  expect(await batch.getByRole('region', { name: 'Event' }).innerText()).toContain('"batch": [');
  await batch.getByRole('tab', { name: 'Answer' }).click();
  expect(await batch.getByRole('listitem').count()).toBe(2);
  expect(await batch.getByRole('listitem').first().innerText()).toMatch(/response[^]*200 \/echo/);
  await batch.getByRole('tab', { name: 'Log (1)' }).click();
  expect(await batch.getByRole('table').innerText()).toContain('batch of 2');
});

test('frames of a stream stand in the order of their arrival, and what was dropped is said', async () => {
  const { emulator, pair } = await startInspected();
  await pair('/stream');
  const { page } = await openPage(emulator.inspectorUrl);
  await rowsOf(page).first().click();
  await details(page)
    .getByText(/Record dropped at .*: unknown_id, for nobody/)
    .waitFor();
  await details(page).getByRole('tab', { name: 'Answer (7)' }).click();
  const kinds = await details(page).locator('.records .kind').allInnerTexts();
  expect(kinds).toEqual(['head', 'chunk', 'end', 'head', 'chunk', 'end', 'end']);
});

test('what befell the requests of a batch stands in its row', async () => {
  const { emulator, pair } = await startInspected(
    manifestOf(
      { '/plain/{name}': { get: route({ function: 'plain' }) } },
      { plain: { Handler: 'p.handler' } },
    ),
    {},
    { 'p.ts': 'export const handler = async () => 1;' },
  );
  await pair('/plain');
  const { page } = await openPage(emulator.inspectorUrl);
  await expect
    .poll(() => rowsOf(page).first().innerText())
    .toContain('2 × 502 · LPR_NOT_BATCH_AWARE');
});

test('the keyboard is enough: up and down, into the tabs, replay, the filter, and out again', async () => {
  const { emulator, pair } = await startInspected();
  await pair();
  await pair('/stream');
  const { page } = await openPage(emulator.inspectorUrl);
  await rowsOf(page).nth(1).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await details(page).getByRole('heading', { name: '/echo/{name}' }).waitFor();
  await page.keyboard.press('k');
  await details(page).getByRole('heading', { name: '/stream/{name}' }).waitFor();
  await page.locator('tr[aria-selected=true]').focus();
  await page.keyboard.press('ArrowDown');
  await details(page).getByRole('heading', { name: '/echo/{name}' }).waitFor();
  await details(page)
    .getByRole('tab', { name: /Requests/ })
    .focus();
  await page.keyboard.press('ArrowRight');
  await details(page).getByRole('region', { name: 'Event' }).waitFor();
  await page.keyboard.press('r');
  await rowsOf(page).nth(2).waitFor();
  expect(await rowsOf(page).first().innerText()).toContain('replay');
  await page.keyboard.press('Escape');
  await details(page).waitFor({ state: 'detached' });
  expect(await page.evaluate('document.activeElement.tagName')).toBe('TR');
  const shown = page.getByRole('combobox', { name: 'Last' });
  expect(await shown.inputValue()).toBe('10000');
  await page.keyboard.press('+');
  expect(await shown.inputValue()).toBe('2000');
  await page.keyboard.press('-');
  await page.keyboard.press('-');
  expect(await shown.inputValue()).toBe('60000');
  await page.keyboard.press('/');
  await page.keyboard.press('s');
  expect(await page.evaluate('document.activeElement.id')).toBe('route');
});

test('a replayed batch is opened, and so is a replayed request', async () => {
  const { emulator, pair } = await startInspected();
  await pair();
  const { page } = await openPage(emulator.inspectorUrl);
  await rowsOf(page).first().click();
  const before = page.url();
  await page.getByRole('button', { name: 'Replay batch' }).click();
  await expect.poll(() => page.url()).not.toBe(before);
  expect(await rowsOf(page).count()).toBe(2);
  await details(page).getByRole('button', { name: /GET/ }).first().click();
  const second = page.url();
  await page.getByRole('button', { name: 'Replay this request' }).click();
  // Alone it waits for its window to end.
  await expect.poll(() => page.url(), { timeout: 10_000 }).not.toBe(second);
  await details(page).getByText('1 request', { exact: true }).waitFor();
  await expect.poll(() => rowsOf(page).count()).toBe(3);
});

test('the filter shows one route in the list and on the time axis', async () => {
  const { emulator, pair } = await startInspected();
  await pair();
  await pair('/stream');
  await emulator.fetch('/elsewhere');
  const { page } = await openPage(emulator.inspectorUrl);
  await expect.poll(() => rowsOf(page).count()).toBe(3);
  await page.getByRole('combobox', { name: 'Route' }).selectOption('/stream/{name}');
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  expect(await page.getByRole('img').count()).toBe(1);
  await page.getByRole('combobox', { name: 'Route' }).selectOption('No route');
  await rowsOf(page).first().getByText('LPR_ROUTE_NOT_FOUND').waitFor();
});

test('functions stand with their environments', async () => {
  const { emulator, pair } = await startInspected(
    manifestOf({}, { lonely: { Handler: 'echo.handler', Isolation: 'worker', MemorySize: 256 } }),
  );
  await pair();
  const { page } = await openPage(`${emulator.inspectorUrl}#functions`);
  const [functions, environments, routes] = await page.getByRole('table').all();
  expect(await functions!.getByRole('row', { name: /lonely/ }).innerText()).toMatch(
    /worker\s+30 s\s+256 MB/,
  );
  expect(await environments!.getByRole('row', { name: /echo/ }).innerText()).toMatch(
    /^#\d+\s+echo\s+idle/,
  );
  expect(await routes!.getByRole('row').count()).toBe(4);
});

test('a page comes back by itself when the emulator does', async () => {
  const first = await startInspected();
  const { port } = new URL(first.emulator.url);
  const { page } = await openPage(first.emulator.inspectorUrl);
  await page.getByText('Live').waitFor();
  await first.emulator.close();
  await page.getByText('Connecting').waitFor();
  const second = await startInspected(manifestOf(), { port: Number(port) });
  await page.getByText('Live').waitFor();
  await second.pair();
  await expect.poll(() => rowsOf(page).count()).toBe(1);
});

test('a page that has seen thousands of batches holds no more than those that are kept', async () => {
  const lpr = { maxBatchSize: 1 };
  const { emulator } = await startInspected(manifestOf({ '/one/{name}': { get: route({ lpr }) } }));
  const { page } = await openPage(emulator.inspectorUrl);
  const browser = await page.context().newCDPSession(page);
  for (let round = 0; round < 60; round += 1) {
    await Promise.all(Array.from({ length: 50 }, () => emulator.inject(`/one/${round}`)));
  }
  await page.getByText('500 requests in 500 invocations').waitFor();
  await page.getByRole('button', { name: 'Show 400 older rows' }).waitFor();
  await rowsOf(page).first().getByText('/one/{name}').waitFor();
  await browser.send('HeapProfiler.collectGarbage');
  const { usedSize } = await browser.send('Runtime.getHeapUsage');
  expect(usedSize).toBeLessThan(20_000_000);
});

test('what functions answer is text for the page, never markup', async () => {
  const { emulator } = await startInspected();
  const evil = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
  await Promise.all(
    ['a', 'b'].map((name) =>
      emulator.fetch(`/echo/${name}?${evil}`, { method: 'POST', body: evil }),
    ),
  );
  const { page, errors } = await openPage(emulator.inspectorUrl);
  await rowsOf(page).first().click();
  await details(page).getByRole('button', { name: /POST/ }).first().click();
  await details(page).getByRole('region', { name: 'Body of the answer' }).getByText(evil).waitFor();
  expect([await page.title(), errors]).toEqual(['lpr inspector', []]);
});
