import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** AWS's client as PyPI has it; the file that says it is there carries the version. */
const CLIENT = 'awslambdaric';
const CLIENT_VERSION = '4.2.2';

const installing = new Map<string, Promise<string>>();

/**
 * A Python with AWS's runtime client, for functions of `python3.x`. The client is installed once, into
 * the user's cache folder; `tell` hears of that, and of a Python that is not the one named.
 */
export function pythonClient(version: string, tell: (text: string) => void): Promise<string> {
  const running = installing.get(version) ?? install(version, tell);
  installing.set(version, running);
  // What is missing now may be there at the next attempt.
  running.catch(() => installing.delete(version));
  return running;
}

async function install(version: string, tell: (text: string) => void): Promise<string> {
  const { program, found } = await findPython(version);
  if (found !== version) {
    tell(
      `Expected Python ${version}, as \`Runtime\` says, got ${found}; the function runs with that`,
    );
  }
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const folder = join(cache, 'lambda-parallel-router', `${CLIENT}-python${found}`);
  const stamp = join(folder, `${CLIENT}-${CLIENT_VERSION}`);
  const python = join(folder, 'bin', 'python');
  if (existsSync(stamp)) return python;
  tell(`Installing ${CLIENT} ${CLIENT_VERSION} from PyPI into ${folder}, once …`);
  mkdirSync(folder, { recursive: true });
  try {
    await run(program, ['-m', 'venv', folder]);
    await run(python, [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      `${CLIENT}==${CLIENT_VERSION}`,
    ]);
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    throw new Error(`Expected ${CLIENT} to install into ${folder}, got: ${stderr.trim()}`, {
      cause: error,
    });
  }
  writeFileSync(stamp, '');
  return python;
}

async function findPython(version: string): Promise<{ program: string; found: string }> {
  for (const program of [`python${version}`, 'python3']) {
    try {
      const print = 'import sys; print("%d.%d" % sys.version_info[:2])';
      const { stdout } = await run(program, ['-c', print]);
      return { program, found: stdout.trim() };
    } catch {
      // The next one, perhaps.
    }
  }
  throw new Error(`Expected a Python ${version} or another \`python3\` in PATH, got none`);
}
