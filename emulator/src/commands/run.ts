import { dirname } from 'node:path';
import { discoverManifest, discoverTemplate, MANIFEST_NAMES } from '../config/discover.ts';
import type { SetupSource } from '../config/setup.ts';
import { announce, announceReload } from '../console/announce.ts';
import { printBatches } from '../console/batch-line.ts';
import type { LogLevel, Print } from '../console/console.ts';
import { startEmulator } from '../emulator.ts';
import type { Emulator } from '../emulator.ts';
import type { FunctionLogged } from '../functions/channels.ts';
import { printOutput } from '../functions/function-output.ts';
import { startWatchdog } from '../functions/watchdog.ts';
import type { Watchdog } from '../functions/watchdog.ts';
import { expectHandler } from './handler-argument.ts';
import { openDebugger } from './open-debugger.ts';
import { UsageError } from './usage-error.ts';
import type { Flags } from './flags.ts';

/** How much longer than its `Timeout` a function may hold the event loop: a busy machine is no endless loop. */
const GRACE_MS = 1000;

/** An emulator that prints what happens, and what ends both. */
export interface RunningEmulator {
  readonly emulator: Emulator;
  stop(): Promise<void>;
}

export interface RunOptions {
  readonly handler: string | undefined;
  readonly flags: Flags;
  readonly print: Print;
  /** What functions write goes through `print` as well. */
  readonly printOutput: boolean;
  /** Called before anything tells that it runs: whoever reads that may signal at once. */
  readonly onRunning?: (running: RunningEmulator) => void;
}

/** Starts an emulator as the flags say. */
export async function runEmulator({
  handler,
  flags,
  print,
  printOutput: printing,
  onRunning,
}: RunOptions): Promise<RunningEmulator> {
  const source = sourceOf(handler, flags);
  const { host, port, lambdaPort, envFile, watch, inspector, inspect } = flags;
  await openDebugger(inspect ?? false);
  const stops: (() => unknown)[] = [];
  if (printing) stops.push(printOutput((line) => print(levelOf(line), line.text, fieldsOf(line))));
  let watchdog: Watchdog | undefined;
  const emulator = await startEmulator({
    ...source,
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(lambdaPort === undefined ? {} : { lambdaPort }),
    ...(envFile === undefined ? {} : { envFiles: envFile }),
    watch,
    inspector,
    onReload(reloaded) {
      watchdog?.setLimit(longestLoopMs(emulator));
      announceReload(reloaded, print);
    },
    onError: (error) =>
      print('error', error instanceof Error ? (error.stack ?? error.message) : String(error)),
  });
  stops.push(printBatches(emulator.router.id, print));
  watchdog = startWatchdog({ limitMs: longestLoopMs(emulator) });
  stops.push(() => watchdog?.stop());
  const running = {
    emulator,
    async stop() {
      await emulator.close();
      for (const stop of stops) await stop();
    },
  };
  onRunning?.(running);
  announce(emulator, print);
  return running;
}

function sourceOf(
  handler: string | undefined,
  { config, template, single = false }: Flags,
): SetupSource {
  if (handler !== undefined && (config ?? template) !== undefined) {
    throw new UsageError('Expected either `--config` or `--template`, or a handler, got both');
  }
  if (handler !== undefined) {
    expectHandler(handler);
    return { handler, single };
  }
  if (single) {
    throw new UsageError(
      'Expected a handler beside `--single`, got none; in a manifest it is `x-lpr.payloadFormat: single`',
    );
  }
  const folder = process.cwd();
  const found =
    config ?? discoverManifest(folder) ?? (template && discoverManifest(dirname(template)));
  const functions = template ?? (config === undefined ? discoverTemplate(folder) : undefined);
  if (found !== undefined) {
    return { config: found, ...(functions === undefined ? {} : { template: functions }) };
  }
  if (functions !== undefined) return { template: functions };
  const names = MANIFEST_NAMES.join(' or ');
  throw new UsageError(
    `Expected \`--config FILE\`, a handler, or ${names} in this folder, got none`,
  );
}

function longestLoopMs({ functions }: Emulator): number {
  const local = functions.filter(({ isolation }) => isolation === 'in-process');
  const seconds = Math.max(0, ...local.map(({ timeoutSeconds }) => timeoutSeconds));
  return seconds * 1000 + GRACE_MS;
}

const LEVELS: Record<FunctionLogged['level'], LogLevel> = {
  TRACE: 'debug',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
};

function levelOf({ level }: FunctionLogged): LogLevel {
  return LEVELS[level];
}

function fieldsOf({ functionName, requestId }: FunctionLogged): Record<string, unknown> {
  return { functionName, requestId };
}
