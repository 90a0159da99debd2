import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where `.ci/run` installs programs of Python that are not there already. */
const VENV = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'lambda-parallel-router',
  'python',
);

const MISSING = `Expected the program \`moto_server\`, got none. Install it with:
  python3 -m venv ${VENV} && ${VENV}/bin/pip install 'moto[server]==5.*'`;

/** A server that speaks S3, in a process of its own. */
export interface S3Server {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * Starts moto's server on a free port.
 *
 * @throws Error with the line that installs it when it is missing
 */
export async function startS3Server(): Promise<S3Server> {
  const path = [process.env['PATH'], join(VENV, 'bin')].join(delimiter);
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', '0'], {
    env: { ...process.env, PATH: path, PYTHONUNBUFFERED: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const endpoint = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.once('error', (cause) => reject(new Error(MISSING, { cause })));
    child.once('exit', () => reject(new Error(`Expected moto_server to run, got:\n${output}`)));
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const url = /Running on (http:\/\/127\.0\.0\.1:\d+)\s/.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
  return {
    endpoint,
    async stop() {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
