import { execFileSync } from 'node:child_process';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

/** Starts Debian's Chromium without its window. */
export function launchChromium(): Promise<Browser> {
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
