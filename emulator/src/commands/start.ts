import { formatProblem, stopOnSignal } from 'lpr-router';
import { printBatches } from '../console/batch-line.ts';
import { curlLine, routeTable } from '../console/route-table.ts';
import { startEmulator } from '../emulator.ts';
import type { Emulator, StartEmulatorOptions } from '../emulator.ts';

/** Runs an emulator until a signal ends it: prints its routes, then a line for each batch. */
export async function start(options: StartEmulatorOptions): Promise<void> {
  const emulator = await startEmulator({ ...options, onError: complain });
  const { id, config } = emulator.router;
  reportFunctions(emulator);
  for (const line of routeTable(config)) print(line);
  print(`\nListening at ${emulator.url}, Lambda API at ${emulator.lambdaUrl}`);
  const curl = curlLine(config, emulator.url);
  if (curl !== undefined) print(`Try: ${curl}\n`);
  const stopPrinting = printBatches(id, print);
  stopOnSignal({
    async stop() {
      await emulator.close();
      stopPrinting();
    },
    onForced: complain,
  });
}

function reportFunctions({ warnings, preparations }: Emulator): void {
  for (const warning of warnings) complain(`Warning: ${formatProblem(warning)}`);
  for (const [name, preparation] of preparations) {
    if (preparation.type === 'ready') continue;
    const { errorType, errorMessage } = preparation.error;
    complain(`Warning: \`${name}\` cannot be loaded yet: ${errorType}: ${errorMessage}`);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(reason: unknown): void {
  const text = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
  process.stderr.write(`${text}\n`);
}
