import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { groupOf, isAlive, startProgram } from '../support/program.ts';
import { createProject } from '../support/project.ts';
import { APP, manifest } from '../support/single-route.ts';

const CHECK = `
  const answer = await fetch(process.env.LPR_EMULATOR_URL + '/x');
  const { AWS_ENDPOINT_URL_LAMBDA: lambda, AWS_ACCESS_KEY_ID: id, GREETING, NODE_ENV } = process.env;
  console.log(JSON.stringify([await answer.text(), lambda.startsWith('http'), id]));
  process.exit(9);
`;

test('exec runs a command beside the emulator, and exits with its code', async () => {
  const { directory } = await createProject({
    'app.ts': `export const handler = async (event) => {
      console.log('from the function');
      return { v: 1, responses: event.batch.map(({ requestContext }) => ({ id: requestContext.requestId, statusCode: 200, body: 'hi' })) };
    };`,
    'check.mjs': CHECK,
  });
  const handler = join(directory, 'app.ts');
  const command = ['--', process.execPath, join(directory, 'check.mjs')];
  const program = startProgram(['exec', handler, '--log-level', 'info', ...command]);
  expect(await program.ended).toBe(9);
  expect(JSON.parse(program.stdout())).toEqual(['hi', true, 'local']);
  expect(program.stderr()).toContain('from the function');
  expect(await groupOf(program.pid)).toEqual([]);
});

test('exec tells a missing command, one that does not exist, and passes signals on', async () => {
  const { directory } = await createProject({ 'lpr.yaml': manifest('/a'), 'app.ts': APP });
  const none = startProgram(['exec'], { cwd: directory });
  expect([await none.ended, none.stderr()]).toEqual([
    2,
    'Expected a command, as in `lpr-emulator exec -- vitest run`, got none\n',
  ]);
  const unknown = startProgram(['exec', '--', 'no-such-command'], { cwd: directory });
  expect(await unknown.ended).toBe(127);
  const sleeping = startProgram(['exec', '--', 'sh', '-c', 'echo up; exec sleep 60'], {
    cwd: directory,
  });
  await sleeping.waitFor(/^up/m);
  process.kill(sleeping.pid, 'SIGTERM');
  expect(await sleeping.ended).toBe(143);
  expect(await groupOf(sleeping.pid)).toEqual([]);
});

test('exec takes flags before its name, and those behind it win', async () => {
  const { directory } = await createProject({ 'app.ts': APP });
  const ask = ['--', 'sh', '-c', 'curl -s $LPR_EMULATOR_URL/x'];
  const before = ['--single', '--log-level', 'error', 'exec', 'app.ts'];
  const quiet = startProgram([...before, ...ask], { cwd: directory });
  expect([await quiet.ended, quiet.stdout(), quiet.stderr()]).toEqual([0, 'none', '']);
  const loud = startProgram([...before, '--log-level', 'info', ...ask], { cwd: directory });
  expect([await loud.ended, loud.stdout()]).toEqual([0, 'none']);
  expect(loud.stderr()).toContain('Listening at');
});

test('a command without exec is refused', async () => {
  const { directory } = await createProject({ 'app.ts': APP });
  const program = startProgram(['app.ts', '--', 'vitest', 'run'], { cwd: directory });
  expect([await program.ended, program.stderr()]).toEqual([
    2,
    'Expected `exec` before `-- vitest run`, as in `lpr-emulator exec -- vitest run`\n',
  ]);
});

test('a command does not outlive an emulator that is killed', async () => {
  const { directory } = await createProject({ 'app.ts': APP });
  const command = ['--', 'sh', '-c', 'curl -s $LPR_EMULATOR_URL/x; echo up $$; exec sleep 60'];
  const program = startProgram(['exec', 'app.ts', ...command], { cwd: directory });
  const [, pid = ''] = await program.waitFor(/up (\d+)/);
  process.kill(program.pid, 'SIGKILL');
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'what a command has started ends with it when the emulator is signalled (%s)',
  async (signal) => {
    const { directory } = await createProject({ 'app.ts': APP });
    // A shell that waits for another program and is ended by a signal leaves it behind.
    const command = ['--', 'sh', '-c', `sh -c 'echo up $$; sleep 60; true'; true`];
    const program = startProgram(['exec', 'app.ts', ...command], { cwd: directory });
    const [, pid = ''] = await program.waitFor(/up (\d+)/);
    process.kill(program.pid, signal);
    await expect.poll(() => isAlive(pid)).toBe(false);
  },
);

test('a command that goes on is killed with what it has started by a second signal', async () => {
  const { directory } = await createProject({ 'app.ts': APP });
  const stubborn = `trap '' TERM; sh -c 'echo up $$; while :; do sleep 1; done'; true`;
  const program = startProgram(['exec', 'app.ts', '--', 'sh', '-c', stubborn], { cwd: directory });
  const [, pid = ''] = await program.waitFor(/up (\d+)/);
  const again = setInterval(() => program.signal('SIGTERM'), 100);
  onTestFinished(() => clearInterval(again));
  const ended = program.ended.finally(() => clearInterval(again));
  expect([await ended, await isAlive(pid)]).toEqual([137, false]);
});

test('what a command leaves behind when it is done is ended', async () => {
  const { directory } = await createProject({ 'app.ts': APP });
  const command = ['--', 'sh', '-c', 'sleep 60 & echo up $!; exit 3'];
  const program = startProgram(['exec', 'app.ts', ...command], { cwd: directory });
  const [, pid = ''] = await program.waitFor(/up (\d+)/);
  await expect.poll(() => isAlive(pid)).toBe(false);
  expect(await program.ended).toBe(3);
});
