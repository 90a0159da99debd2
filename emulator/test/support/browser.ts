import { onTestFinished } from 'vitest';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';

/** The same one for all tests of a file. */
let browser: Promise<Browser> | undefined;

/** Ends the browser, after the tests of a file. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

/** A page that shows `url`, with what went wrong in it. */
export async function openPage(
  url: string | undefined,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; errors: string[]; requested: string[] }> {
  const context = await (await (browser ??= launchChromium())).newContext(options);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const errors: string[] = [];
  const requested: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('request', (request) => requested.push(new URL(request.url()).origin));
  await page.goto(url!);
  return { page, errors, requested };
}
