import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startProgram } from './program.ts';

const run = promisify(execFile);

const FLAGS = ['--port', '0', '--lambda-port', '0'];

/** The processes of a group, by the system's own account. */
async function groupOf(pid: number): Promise<string> {
  const { stdout } = await run('ps', ['-A', '-o', 'pgid=,stat=,args=']);
  // What has ended and only waits to be reaped is no process any more.
  const own = stdout.split('\n').filter((line) => /^\s*(\d+) [^Z]/.exec(line)?.[1] === String(pid));
  return own.join('\n');
}

describe('npm start', () => {
  it('serves examples/hello in batches of four and ends on Ctrl-C with 0 and nothing left', async () => {
    const program = startProgram('npm', ['start', '--', ...FLAGS], {
      LPR_INCLUDE_BATCH_SIZE_HEADER: '1',
    });
    const [, url] = await program.waitFor(/Listening at (http\S+?),/);
    await program.waitFor(/Try: curl http/);
    expect(program.output()).toMatch(/GET +\/hello\/\{name\} +hello +4 per batch, 50 ms/);
    expect(program.output()).not.toContain('EBADENGINE');
    // Nothing has changed since these tests were built.
    expect(program.output()).not.toMatch(/Install|Built/);

    const names = Array.from({ length: 8 }, (_, index) => `n${index}`);
    const answers = await Promise.all(
      names.map(async (name) => {
        const response = await fetch(`${url}/hello/${name}`);
        return [response.headers.get('x-lpr-batch-size'), await response.json()];
      }),
    );
    expect(answers).toEqual(names.map((hello) => ['4', { hello }]));
    await program.waitFor(/(?:\/hello\/\{name\} +4 requests +waited .*\(full\) +took .*\n.*){2}/);

    // A terminal signals the whole group, and npm passes the signal on a second time.
    program.signal('SIGINT');
    program.signal('SIGINT');
    expect(await program.ended).toBe(0);
    expect(await groupOf(program.pid)).toBe('');
  });

  it('tells a wrong flag, and the nearest right one, with exit code 2', async () => {
    const program = startProgram('npm', ['start', '--', ...FLAGS, '--lambda-prot', '1']);
    expect(await program.ended).toBe(2);
    expect(program.output()).toContain('--lambda-port');
  });

  it('runs what the arguments name instead of the example', async () => {
    const handler = 'examples/hello/src/hello.ts';
    const program = startProgram('npm', ['start', '--', handler, ...FLAGS]);
    await program.waitFor(/Try: curl http/);
    expect(program.output()).toContain('/{proxy+}');
    program.signal('SIGINT');
    expect(await program.ended).toBe(0);
  });

  it('tells where flags go when npm has taken them for its own', async () => {
    const program = startProgram('npm', ['start', '--port', '4000']);
    expect(await program.ended).toBe(2);
    expect(program.output()).toContain(
      'Expected --port after `--`, as in `npm start -- --port 4000`',
    );
  });
});
