import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { command } from '../../scripts/release/command.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const SAM = fileURLToPath(new URL('..', import.meta.url));

/** What stops a script before it has begun, in words for whoever called it. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
}

/** Where programs that are not there come from. */
const FROM: Readonly<Record<string, string>> = {
  aws: 'the AWS CLI: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html',
  docker: 'Docker, or a program that takes its commands: https://docs.docker.com/get-docker/',
  sam: '`pip install aws-sam-cli`, or https://docs.aws.amazon.com/serverless-application-model',
};

/** What a program prints; rejects with a {@link NotReadyError} when it is not installed, or says `expected`. */
export async function ask(
  program: string,
  args: readonly string[],
  expected: string,
): Promise<string> {
  const { code, stdout, output } = await command(program, args, { cwd: SAM }).catch(
    (error: unknown) => {
      throw missing(program, error);
    },
  );
  if (code === 0) return stdout.trim();
  const got = output.trim();
  throw new NotReadyError(`Expected ${expected}, got${got === '' ? ' none' : `:\n${got}`}`);
}

/** Runs a program in sight, with a text as its input if there is one; rejects when it fails. */
export async function show(
  program: string,
  args: readonly string[],
  { input, cwd = SAM }: { input?: string; cwd?: string } = {},
): Promise<void> {
  const code = await new Promise<number>((resolve, reject) => {
    const stdin = input === undefined ? 'inherit' : 'pipe';
    const child = spawn(program, args, { cwd, stdio: [stdin, 'inherit', 'inherit'] });
    child.once('error', (error) => reject(missing(program, error)));
    child.once('close', (ended) => resolve(ended ?? 128));
    child.stdin?.end(input);
  });
  if (code !== 0) {
    throw new NotReadyError(
      `Expected \`${program} ${args[0]}\` to succeed, it exited with ${code}`,
    );
  }
}

function missing(program: string, cause: unknown): Error {
  if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') return cause as Error;
  const from = FROM[program] ?? 'your system';
  return new NotReadyError(`Expected the program \`${program}\`, got none. It comes with ${from}`, {
    cause,
  });
}
