import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { startListening, startProgram } from '../support/program.ts';
import { createProject } from '../support/project.ts';

const run = promisify(execFile);

const manifest = (path: string) => `
Spec:
  paths:
    ${path}:
      get:
        x-target-lambda: arn:aws:lambda:us-east-1:123456789012:function:hello
        x-lpr: { maxWaitMs: 1, maxBatchSize: 1, payloadFormat: single }
Emulator: { Functions: { hello: { Handler: app.handler } } }
`;
const APP =
  'export const handler = async (event) => { console.log("seen", event.rawPath); return process.env.GREETING ?? "none"; };';

/** The processes of a group, by the system's own account. */
async function groupOf(pid: number): Promise<string[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pgid=,stat=,args=']);
  return stdout.split('\n').filter((line) => /^\s*(\d+) [^Z]/.exec(line)?.[1] === String(pid));
}

async function occupy(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test.for(['lpr.yaml', 'router.yaml'])('%s of the working directory is found', async (name) => {
  const { directory } = await createProject({ [name]: manifest('/found'), 'app.ts': APP });
  const { url, signal, ended, pid } = await startListening([], { cwd: directory });
  expect(await (await fetch(`${url}/found`)).text()).toBe('none');
  signal('SIGINT');
  expect(await ended).toBe(0);
  expect(await groupOf(pid)).toEqual([]);
});

test('a SAM template of the working directory gives the functions of the routes', async () => {
  const template = `
Resources:
  hello:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: nodejs24.x
      Environment: { Variables: { GREETING: sam, TABLE: !Ref Table } }
`;
  const { directory } = await createProject({
    'router.yaml': manifest('/a').replace(/^Emulator.*$/m, ''),
    'template.yaml': template,
    'app.ts': APP,
  });
  const { url, stderr } = await startListening([], { cwd: directory });
  expect(await (await fetch(`${url}/a`)).text()).toBe('sam');
  expect(stderr()).toMatch(/^Warning: .*template\.yaml:8:62: .*TABLE: .*`Table`/);
});

test('without anything to run the program says what it looked for', async () => {
  const { directory } = await createProject({});
  const { ended, stderr } = startProgram([], { cwd: directory });
  expect(await ended).toBe(2);
  expect(stderr()).toBe(
    'Expected `--config FILE`, a handler, or lpr.yaml or router.yaml in this folder, got none\n',
  );
});

test('variables stand for flags, the flag wins, and env files add up', async () => {
  const { directory } = await createProject({
    'lpr.yaml': manifest('/a'),
    'other.yaml': manifest('/b'),
    'app.ts': APP,
    'one.env': 'GREETING=one\n',
    'two.env': 'GREETING="two"\n',
  });
  const env = {
    LPR_EMULATOR_CONFIG: 'other.yaml',
    LPR_EMULATOR_ENV_FILE: 'one.env,two.env',
    LPR_EMULATOR_LOG_FORMAT: 'json',
    LPR_EMULATOR_NO_WATCH: '0',
  };
  const byVariable = await startListening([], { cwd: directory, env });
  expect(await (await fetch(`${byVariable.url}/b`)).text()).toBe('two');
  const flags = ['--config', 'lpr.yaml', '--env-file', 'one.env', '--log-format', 'pretty'];
  const byFlag = await startListening(flags, { cwd: directory, env });
  expect(await (await fetch(`${byFlag.url}/a`)).text()).toBe('one');
  expect(byFlag.stdout()).toMatch(/^GET +\/a +hello/);
  await byVariable.waitFor(/"route":"\/b"/);
  const lines = byVariable
    .stdout()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toContainEqual(
    expect.objectContaining({ level: 'info', message: 'seen /b', functionName: 'hello' }),
  );
});

test('a level leaves out what is less important', async () => {
  const { directory } = await createProject({ 'lpr.yaml': manifest('/a'), 'app.ts': APP });
  const program = startProgram(['--port', '0', '--log-level', 'error', '--log-format', 'json'], {
    cwd: directory,
  });
  // Nothing tells that it is ready, but a signal before that ends it as well.
  await expect.poll(() => groupOf(program.pid)).toHaveLength(2);
  program.signal('SIGTERM');
  expect([0, 'SIGTERM']).toContain(await program.ended);
  expect(program.stdout()).toBe('');
});

test.for(['--port', '--lambda-port'])('a busy %s is named with the flag', async (flag) => {
  const { directory } = await createProject({ 'lpr.yaml': manifest('/a'), 'app.ts': APP });
  const busy = await occupy();
  const other = flag === '--port' ? '--lambda-port' : '--port';
  const program = startProgram([other, '0', flag, String(busy)], { cwd: directory });
  expect(await program.ended).toBe(1);
  expect(program.stderr()).toBe(`Port ${busy} is in use; choose another with \`${flag}\`\n`);
});

test('two emulators without ports find free ones', async () => {
  const { directory } = await createProject({ 'lpr.yaml': manifest('/a'), 'app.ts': APP });
  const urls = new Set<string | undefined>();
  for (const program of [
    startProgram([], { cwd: directory }),
    startProgram([], { cwd: directory }),
  ]) {
    const [, url, lambdaUrl] = await program.waitFor(/Listening at (\S+), Lambda API at (\S+)/);
    urls.add(url).add(lambdaUrl);
    expect((await fetch(`${url}/a`)).status).toBe(200);
  }
  expect(urls.size).toBe(4);
});

test('other machines are warned of', async () => {
  const { directory } = await createProject({ 'lpr.yaml': manifest('/a'), 'app.ts': APP });
  const { stderr } = await startListening(['--host', '0.0.0.0'], { cwd: directory });
  expect(stderr()).toContain('Warning: other machines can reach this emulator');
});

test('a second Ctrl-C more than 500 ms after the first ends a program that still answers', async () => {
  const { directory } = await createProject({
    'lpr.yaml': manifest('/a'),
    'app.ts': 'export const handler = () => new Promise(() => {});',
  });
  const program = await startListening([], { cwd: directory });
  const answer = fetch(`${program.url}/a`).catch(() => 'broken');
  await expect.poll(() => program.stdout()).toContain('Try:');
  const poke = setInterval(() => program.signal('SIGINT'), 300);
  onTestFinished(() => clearInterval(poke));
  expect(await program.ended).toBe(1);
  expect(program.stderr()).toContain('Stopped at once: second SIGINT');
  expect(await answer).toBe('broken');
  expect(await groupOf(program.pid)).toEqual([]);
});

test('the help fits a screen and names every flag', async () => {
  const { ended, stdout } = startProgram(['--help']);
  expect(await ended).toBe(0);
  const lines = stdout().trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  for (const flag of [
    'config',
    'port',
    'lambda-port',
    'host',
    'env-file',
    'log-format',
    'log-level',
  ])
    expect(stdout()).toContain(`--${flag} `);
  expect(stdout()).toContain('--no-watch');
  expect(stdout()).toContain('--no-inspector');
  expect(stdout()).toContain('--inspect');
});

test('the inspector is where the console says, unless a flag or a variable turns it off', async () => {
  const { directory } = await createProject({ 'lpr.yaml': manifest('/a'), 'app.ts': APP });
  const { url, waitFor } = await startListening([], { cwd: directory });
  const [, inspector] = await waitFor(/Inspector at (\S+)/);
  expect(inspector).toBe(`${url}/__lpr`);
  expect(await (await fetch(`${inspector}/page.js`)).text()).toContain('Preact');
  for (const off of [
    { args: ['--no-inspector'], env: {} },
    { args: [], env: { LPR_EMULATOR_NO_INSPECTOR: '1' } },
  ]) {
    const without = await startListening(off.args, { cwd: directory, env: off.env });
    expect((await fetch(`${without.url}/__lpr`)).status).toBe(404);
    expect(without.stdout()).not.toContain('Inspector');
  }
});

test('a function that does not know of batches is told with the two ways out', async () => {
  const { directory } = await createProject({
    'lpr.yaml': manifest('/a').replace(', payloadFormat: single', ''),
    'app.ts': APP,
  });
  const { url, waitFor } = await startListening([], { cwd: directory });
  expect(await (await fetch(`${url}/a`)).json()).toMatchObject({ code: 'LPR_NOT_BATCH_AWARE' });
  const [line] = await waitFor(/.*LPR_NOT_BATCH_AWARE.*/);
  expect(line).toContain('`withBatchAdapter`');
  expect(line).toContain('`x-lpr.payloadFormat: single`');
});

test('a debugger may attach', async () => {
  const { directory } = await createProject({ 'lpr.yaml': manifest('/a'), 'app.ts': APP });
  const { waitFor } = await startListening(['--inspect', '0'], { cwd: directory });
  const [, host] = await waitFor(/Debugger listening on ws:\/\/([^/]+)\//);
  expect(await (await fetch(`http://${host}/json/version`)).json()).toHaveProperty('Browser');
});

test('time does not run out while a debugger may be attached', async () => {
  const { directory } = await createProject({
    'lpr.yaml': manifest('/a').replace('app.handler', 'app.handler, Timeout: 1'),
    'app.ts':
      'export const handler = () => new Promise((done) => setTimeout(() => done("late"), 1200));',
  });
  const limited = await startListening([], { cwd: directory });
  expect((await fetch(`${limited.url}/a`)).status).toBe(502);
  const debugged = await startListening(['--inspect', '0'], { cwd: directory });
  expect(await (await fetch(`${debugged.url}/a`)).text()).toBe('late');
});

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
