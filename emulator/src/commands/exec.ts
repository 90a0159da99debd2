import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { createConsole } from '../console/console.ts';
import type { Emulator } from '../emulator.ts';
import { spawnGuarded } from '../functions/orphan-guard.ts';
import type { GuardedProcess } from '../functions/orphan-guard.ts';
import { LOCAL_REGION } from '../functions/function-name.ts';
import type { Flags } from './flags.ts';
import { runEmulator } from './run.ts';
import { STOP_SIGNALS } from './start.ts';
import { UsageError } from './usage-error.ts';

/** A terminal and npm may both deliver the same Ctrl-C: what follows this soon is no second one. */
const SAME_SIGNAL_MS = 500;
/** What shells exit with when there is no such command. */
const EXIT_NOT_FOUND = 127;

/**
 * Starts an emulator on free ports (unless they are given), runs a command that finds it through its
 * environment variables, stops the emulator and exits with the command's code. Standard output is the
 * command's alone. It does not reload.
 */
export async function exec(
  handler: string | undefined,
  flags: Flags,
  command: readonly string[],
): Promise<void> {
  const [program, ...args] = command;
  if (program === undefined) {
    throw new UsageError('Expected a command, as in `lpr-emulator exec -- vitest run`, got none');
  }
  // The functions' variables are not the command's.
  const env = { ...process.env };
  const { logFormat: format, logLevel: level } = flags;
  const running = await runEmulator({
    handler,
    flags: { port: 0, lambdaPort: 0, ...flags, watch: false },
    print: createConsole({ format, level, errorOnly: true }),
    printOutput: true,
  });
  // A terminal shows what is in its foreground group, and reads for that alone; elsewhere a group of its
  // own holds all that the command starts.
  const inTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  // Before there is a command: it may be signalled as soon as it runs, and must not be left behind.
  let guarded: GuardedProcess | undefined;
  passSignals(() => guarded, inTerminal);
  guarded = spawnGuarded(program, args, {
    stdio: 'inherit',
    detached: !inTerminal,
    env: { ...env, ...variables(running.emulator, env) },
  });
  const code = await codeOf(guarded.child, program);
  // What it has left behind.
  if (!inTerminal) guarded.kill();
  guarded.release();
  await running.stop();
  process.exit(code);
}

function variables(
  { url, lambdaUrl }: Emulator,
  { AWS_REGION, AWS_DEFAULT_REGION }: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const region = AWS_REGION ?? AWS_DEFAULT_REGION ?? LOCAL_REGION;
  return {
    LPR_EMULATOR_URL: url,
    AWS_ENDPOINT_URL_LAMBDA: lambdaUrl,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    // What would count before, or go with, other keys.
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
}

function codeOf(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`Expected \`${program}\` to be a command, got ${error.message}\n`);
      resolve(EXIT_NOT_FOUND);
    });
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']);
    });
  });
}

/** The command decides what a first signal means; a second one ends it. */
function passSignals(command: () => GuardedProcess | undefined, inTerminal: boolean): void {
  let firstAtMs: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    const nowMs = performance.now();
    if (firstAtMs === undefined) {
      firstAtMs = nowMs;
      // A terminal has sent Ctrl-C to the command as well.
      if (signal !== 'SIGINT' || !inTerminal) command()?.signal(signal);
    } else if (nowMs - firstAtMs > SAME_SIGNAL_MS) {
      command()?.kill();
    }
  };
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
}
