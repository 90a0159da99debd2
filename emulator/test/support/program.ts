import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const run = promisify(execFile);

const BIN = fileURLToPath(new URL('../../bin/lpr-emulator.mjs', import.meta.url));

/** The program `lpr-emulator`, running in a process group of its own as a terminal gives it. */
export interface Program {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with the match as soon as either stream matches; rejects when the program ends before. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** Signals the whole group, as Ctrl-C does. */
  signal(signal: NodeJS.Signals): void;
  /** Resolves to the exit code, or to the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Starts the built program; what is left of it is killed with the test. */
export function startProgram(
  args: readonly string[],
  { cwd, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Program {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
  const pid = child.pid!;
  const output = { stdout: '', stderr: '' };
  let over = false;
  const ended = once(child, 'close').then(([code, signal]) => {
    over = true;
    return (code ?? signal) as number | NodeJS.Signals;
  });
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      child.emit('output');
    });
  }
  const signal = (name: NodeJS.Signals): void => {
    if (!over) process.kill(-pid, name);
  };
  onTestFinished(() => signal('SIGKILL'));
  return {
    pid,
    ended,
    signal,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    async waitFor(pattern) {
      for (;;) {
        const match = pattern.exec(output.stdout) ?? pattern.exec(output.stderr);
        if (match) return match;
        if (over) throw new Error(`Expected ${pattern}, got:\n${output.stdout}${output.stderr}`);
        await Promise.race([once(child, 'output'), ended]);
      }
    },
  };
}

/** The processes of a group, by the system's own account. */
export async function groupOf(pid: number): Promise<string[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pgid=,stat=,args=']);
  return stdout.split('\n').filter((line) => /^\s*(\d+) [^Z]/.exec(line)?.[1] === String(pid));
}

/** Starts the program on free ports and waits until it listens. */
export async function startListening(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Program & { readonly url: string; readonly lambdaUrl: string }> {
  const program = startProgram(['--port', '0', '--lambda-port', '0', ...args], options);
  const [, url = '', lambdaUrl = ''] = await program.waitFor(
    /Listening at (http\S+), Lambda API at (http[^\s"]+)/,
  );
  return { ...program, url, lambdaUrl };
}

/** Whether there is a process of that id which has not ended. */
export async function isAlive(pid: string): Promise<boolean> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,stat=']);
  return stdout.split('\n').some((line) => /^\s*(\d+) [^Z]/.exec(line)?.[1] === pid);
}
