import { existsSync, statSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { EXIT_FAILURE, EXIT_USAGE, prepareCommand, startFailure, stopOnSignal } from 'lpr-router';
import { renderComparison } from './compare.ts';
import type { NamedRun } from './compare.ts';
import { addFlags } from './flags.ts';
import type { Flags } from './flags.ts';
import { hintsOf } from './hints.ts';
import { checkFlags, UsageError } from './plan.ts';
import { run } from './run.ts';
import { fromCsv } from './summary-csv.ts';
import type { SummaryRow } from './summary-csv.ts';
import { writeReports } from './write-reports.ts';

// npm runs scripts elsewhere than where they were called.
process.chdir(process.env['INIT_CWD'] ?? process.cwd());

const program = prepareCommand(new Command('loadtest'))
  .description(
    'Open-loop load on a router, deployed or in the emulator; latency, batches and cost.',
  )
  .enablePositionalOptions()
  .action((flags: Flags) => (flags.fromCsv === undefined ? measure(flags) : redraw(flags)));
addFlags(program).configureHelp({ helpWidth: 100 });
prepareCommand(program.command('compare <before> <after>'))
  .description('set the results of two runs (folders or summary.csv) side by side')
  .option('--out <file>', 'the page', 'comparison.html')
  .action(compare);

try {
  await program.parseAsync(process.argv);
} catch (error) {
  const usage = error instanceof UsageError;
  const { message, exitCode } = startFailure(error);
  if (message !== '') process.stderr.write(`${message}\n`);
  process.exitCode = usage ? EXIT_USAGE : (exitCode ?? EXIT_FAILURE);
}

async function measure(flags: Flags): Promise<void> {
  const stop = new AbortController();
  const finished = run(flags, { print, signal: stop.signal });
  stopOnSignal({
    stop: async () => {
      if (stop.signal.aborted) return;
      print('Stopping: waiting for answers, then reporting; Ctrl-C again ends at once');
      stop.abort();
      await finished;
    },
    onForced: print,
  });
  await finished;
}

async function redraw(flags: Flags): Promise<void> {
  checkFlags(flags);
  const file = flags.fromCsv!;
  const rows = await readRows(file);
  const folder = flags.out ?? dirname(file);
  await writeReports(folder, { title: `Load test: ${file}`, notes: hintsOf(rows) }, rows);
  print(`Wrote ${join(folder, 'report.html')}`);
}

async function compare(before: string, after: string, { out }: { out: string }): Promise<void> {
  const page = await renderComparison(await readRun(before), await readRun(after));
  await mkdir(dirname(resolve(out)), { recursive: true });
  await writeFile(out, page);
  print(`Wrote ${out}`);
}

async function readRun(location: string): Promise<NamedRun> {
  const isFolder = statSync(location, { throwIfNoEntry: false })?.isDirectory() === true;
  const file = isFolder ? join(location, 'summary.csv') : location;
  return { name: location, rows: await readRows(file) };
}

async function readRows(file: string): Promise<readonly SummaryRow[]> {
  if (!existsSync(file)) {
    throw new UsageError(`Expected a run's \`summary.csv\` at \`${file}\`, got nothing there`);
  }
  try {
    return fromCsv(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
