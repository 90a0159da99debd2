import { spawn } from 'node:child_process';

/** How a program ended, and what it printed. */
export interface Ended {
  /** The exit code; 128 after a signal. */
  readonly code: number;
  readonly stdout: string;
  /** Both streams, as they came. */
  readonly output: string;
}

/** Runs a program to its end; rejects with the line to type when it is not installed. */
export function command(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 128, stdout, output }));
  });
}

/** Like {@link command}, but anything else than success is an error that shows what was printed. */
export async function expectSuccess(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const { code, stdout, output } = await command(program, args, options);
  if (code === 0) return stdout;
  const line = [program, ...args].join(' ');
  throw new Error(`Expected \`${line}\` to succeed, it exited with ${code}:\n${output.trim()}`);
}
