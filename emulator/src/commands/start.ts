import { stopOnSignal } from 'lpr-router';
import { createConsole } from '../console/console.ts';
import type { Flags } from './flags.ts';
import { runEmulator } from './run.ts';

/** Who waits for longer is told what for. */
const PATIENCE_MS = 300;
const STOPPING = 'Stopping when what is under way is answered; Ctrl-C again stops at once';

/** The last one comes of a terminal that is closed. */
export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs an emulator until a signal ends it: prints its routes, then a line for each batch. */
export async function start(handler: string | undefined, flags: Flags): Promise<void> {
  const { logFormat: format, logLevel: level } = flags;
  const print = createConsole({ format, level });
  await runEmulator({
    handler,
    flags,
    print,
    printOutput: format === 'json',
    onRunning: (running) =>
      stopOnSignal({
        signals: STOP_SIGNALS,
        async stop() {
          const timer = setTimeout(() => print('info', STOPPING), PATIENCE_MS);
          await running.stop();
          clearTimeout(timer);
        },
        onForced: (reason) => print('error', reason),
      }),
  });
}
