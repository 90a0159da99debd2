import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where `.ci/run` installs programs of Python that are not there already. */
export const VENV = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'lambda-parallel-router',
  'python',
);

/** The environment in which those programs are found, and which never reaches a real account. */
export const ENVIRONMENT: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: [join(VENV, 'bin'), process.env['PATH']].join(delimiter),
  SAM_CLI_TELEMETRY: '0',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
};

export interface Ended {
  readonly code: number;
  /** Both streams. */
  readonly output: string;
}

/**
 * Runs a program of the package `from` to its end.
 *
 * @throws Error with the line that installs it when it is missing
 */
export function runPython(
  from: string,
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const { cwd, env } = options;
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, env: { ...ENVIRONMENT, ...env } }, (error, stdout, stderr) => {
      const code = error?.code ?? 0;
      if (typeof code === 'number') resolve({ code, output: stdout + stderr });
      else {
        const install = `python3 -m venv ${VENV} && ${VENV}/bin/pip install '${from}'`;
        const message = `Expected the program \`${program}\`, got ${code}. Install it with:\n  ${install}`;
        reject(new Error(message, { cause: error }));
      }
    });
  });
}
