import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

let browser: Promise<Browser> | undefined;

/** Debian's Chromium, without its window; the same one for all tests of a file. */
function launch(): Promise<Browser> {
  let executablePath: string;
  try {
    executablePath = execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
  } catch (cause) {
    const message = 'Expected `chromium`, got none: apt-get install chromium';
    throw new Error(message, { cause });
  }
  // Its own sandbox needs what containers and root do not have; it sees nothing but this machine's pages.
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

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
  const context = await (await (browser ??= launch())).newContext(options);
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
