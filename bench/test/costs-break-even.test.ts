import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PAGE, withTables } from '../src/costs/break-even-page.ts';
import { cheaperRanges } from '../src/costs/break-even.ts';
import { DEPLOYMENTS, monthlyCost } from '../src/costs/deployments.ts';
import type { Deployment } from '../src/costs/deployments.ts';
import { HANDLERS, WAITING } from '../src/costs/handlers.ts';
import { DEFAULT_PRICES, readPrices } from '../src/costs/prices.ts';

const prices = readPrices();
const others = (Object.keys(DEPLOYMENTS) as Deployment[]).filter(
  (deployment) => deployment !== 'router',
);

describe('break-even', () => {
  it.each(HANDLERS)(
    'of a handler that $title lies where the cheaper one changes',
    ({ workload }) => {
      for (const deployment of others) {
        const router = (requests: number) => monthlyCost('router', requests, workload, prices);
        const other = (requests: number) => monthlyCost(deployment, requests, workload, prices);
        const cheaper = (requests: number) => router(requests) < other(requests);
        for (const { from, until = 1e11 } of cheaperRanges(deployment, workload, prices)) {
          expect(cheaper(from * 1.001)).toBe(true);
          // Where the search begins and ends nothing changes.
          expect(cheaper(from * 0.99)).toBe(from === 1e4);
          expect(cheaper(until * 1.01)).toBe(until === 1e11);
        }
      }
    },
  );

  it('is never reached where the router adds cost and saves none', () => {
    const unbatched = { ...WAITING, maxBatchSize: 1 };
    expect(cheaperRanges('functionUrl', unbatched, prices)).toEqual([]);
  });

  it('comes sooner with a longer wait, and later with more router tasks', () => {
    const from = (more: object) =>
      cheaperRanges('functionUrl', { ...WAITING, ...more }, prices)[0]!.from;
    expect(from({ durationMs: 500 })).toBeLessThan(from({}));
    expect(from({ routerTasks: 6 })).toBeGreaterThan(from({}));
    expect(from({ keys: 10 })).toBeGreaterThan(from({}));
  });
});

describe('docs/should-i-use-this.md', () => {
  it('has the tables that the prices give; `npm run break-even -- --write` writes them', async () => {
    const page = await readFile(PAGE, 'utf8');
    expect(withTables(page, prices)).toBe(page);
  });

  it('says so when a table has no place', () => {
    expect(() => withTables('# Page', prices)).toThrow(
      'Expected `<!-- begin break-even waits -->` and `<!-- end break-even waits -->` in the page',
    );
  });
});

describe('prices', () => {
  async function priceFile(content: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'lpr-prices-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, 'prices.json');
    await writeFile(file, content);
    return file;
  }

  it('name each field that is wrong', async () => {
    const text = await readFile(DEFAULT_PRICES, 'utf8');
    const file = await priceFile(text.replace('"perHour": 0.0225', '"perHour": "free"'));
    expect(() => readPrices(file)).toThrow(`Expected prices in \`${file}\`, got`);
    expect(() => readPrices(file)).toThrow('at alb.perHour');
  });

  it('have to be JSON in a file that is there', async () => {
    const file = await priceFile('prices');
    for (const wrong of [file, `${file}.missing`]) {
      expect(() => readPrices(wrong)).toThrow(
        `Expected a JSON file of prices at \`${wrong}\`, got`,
      );
    }
  });
});

describe('npm run break-even', () => {
  const program = fileURLToPath(new URL('../src/costs/break-even-program.ts', import.meta.url));
  const run = (...args: readonly string[]) =>
    promisify(execFile)(process.execPath, [program, ...args]);

  it('prints the tables of the docs when it is told nothing else', async () => {
    const { stdout } = await run();
    const page = await readFile(PAGE, 'utf8');
    const [, table] = /<!-- begin break-even waits -->\s+(.*?)\s+<!-- end/s.exec(page)!;
    expect(stdout).toContain(table);
    expect(stdout).toContain('Prices of us-east-1, ');
  });

  it('recomputes them for another handler', async () => {
    const { stdout } = await run('--duration-ms', '500', '--max-batch-size', '1');
    expect(stdout).toMatch(/\| function URL +\| never +\| never +\|/);
  });

  it('has every flag that the docs name', async () => {
    const { stdout } = await run('--help');
    const named = (await readFile(PAGE, 'utf8')).match(/(?<![\w-])--[a-z][a-z-]+/g)!;
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((flag) => !stdout.includes(` ${flag} `))).toEqual([]);
  });

  it.each([
    [['--cpu-ms', '1000'], 'Expected `--cpu-ms` 1000 to fit into `--duration-ms` 100'],
    [['--memory-mb', '0'], 'Expected a number > 0.'],
  ])('refuses %j with exit code 2', async (args, message) => {
    await expect(run(...args)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message) as string,
    });
  });
});
