import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A running program, in a process group of its own as a terminal gives it. */
export interface Program {
  /** Everything it has printed so far, both streams. */
  readonly output: () => string;
  /** Resolves with the match as soon as the output matches; rejects when the program ends before. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** Signals the whole group, as Ctrl-C does. */
  signal(signal: NodeJS.Signals): void;
  /** Resolves to the exit code, or to the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly pid: number;
}

/** Starts a program; what is left of it is killed with the test. */
export function startProgram(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Program {
  const child = spawn(command, args, {
    cwd: root,
    detached: true,
    env: { ...process.env, ...env },
  });
  const pid = child.pid!;
  let output = '';
  let over = false;
  const ended = once(child, 'close').then(([code, signal]) => {
    over = true;
    return (code ?? signal) as number | NodeJS.Signals;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      child.emit('output');
    });
  }
  const signal = (name: NodeJS.Signals) => {
    if (!over) process.kill(-pid, name);
  };
  onTestFinished(() => signal('SIGKILL'));
  return {
    pid,
    ended,
    signal,
    output: () => output,
    async waitFor(pattern) {
      for (;;) {
        const match = pattern.exec(output);
        if (match) return match;
        if (over) throw new Error(`Expected ${pattern}, got:\n${output}`);
        await Promise.race([once(child, 'output'), ended]);
      }
    },
  };
}
