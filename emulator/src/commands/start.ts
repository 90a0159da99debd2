import { stopOnSignal } from 'lpr-router';
import { createConsole } from '../console/console.ts';
import type { Flags } from './flags.ts';
import { runEmulator } from './run.ts';

/** Runs an emulator until a signal ends it: prints its routes, then a line for each batch. */
export async function start(handler: string | undefined, flags: Flags): Promise<void> {
  const { logFormat: format, logLevel: level } = flags;
  const print = createConsole({ format, level });
  const running = await runEmulator({ handler, flags, print, printOutput: format === 'json' });
  stopOnSignal({
    stop: () => running.stop(),
    onForced: (reason) => print('error', reason),
  });
}
