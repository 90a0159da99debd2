import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import type { Machine } from './machine.ts';
import type { Result } from './measurements.ts';
import type { LiveKeys, MemoryUnderLoad } from './memory-figures.ts';
import { renderPage } from './page.ts';
import { summarize } from './summary.ts';

const ROOT = new URL('../../', import.meta.url);
const RESULTS = new URL('bench/results/', ROOT);
const PAGE = 'docs/benchmarks.md';

/** A whole run of the bench, as it is kept. */
export interface RunRecord {
  readonly date: string;
  readonly machine: Machine;
  readonly connections: number;
  readonly rate: number;
  readonly results: readonly Result[];
}

/** What is kept, by the name of its file; a run has its date as its name. */
interface Figures {
  readonly memory: MemoryUnderLoad;
  readonly 'live-keys': LiveKeys;
}

export async function saveRun(run: RunRecord): Promise<void> {
  await save(run.date, run);
}

export async function saveFigures<N extends keyof Figures>(name: N, figures: Figures[N]) {
  await save(name, figures);
}

/** Writes the page from the newest run and the newest figures of each kind; returns its path. */
export async function writePage(): Promise<string> {
  const runs = (await readdir(RESULTS)).filter((name) => /^\d{4}-\d\d-\d\d\.json$/.test(name));
  const newest = runs.toSorted().at(-1);
  if (newest === undefined) throw new Error('Expected a run in `bench/results`, found none');
  const run = await read<RunRecord>(newest);
  const page = renderPage(summarize(run!.results), {
    ...run!,
    rounds: Math.max(...run!.results.map(({ round }) => round)),
    memory: await read<MemoryUnderLoad>('memory.json'),
    liveKeys: await read<LiveKeys>('live-keys.json'),
  });
  await writeFile(new URL(PAGE, ROOT), page);
  return PAGE;
}

async function save(name: string, figures: object): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  await writeFile(new URL(`${name}.json`, RESULTS), `${JSON.stringify(figures, null, 2)}\n`);
}

/** Undefined when there is no such file. */
async function read<T>(name: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(new URL(name, RESULTS), 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
