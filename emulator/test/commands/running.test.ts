import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { groupOf, startListening, startProgram } from '../support/program.ts';
import { createProject } from '../support/project.ts';
import { APP, manifest } from '../support/single-route.ts';

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

test.for([
  ['sub', 'Expected a handler, got the folder `sub`; its manifest is `--config sub/lpr.yaml`\n'],
  ['empty', 'Expected a handler, got the folder `empty`\n'],
  ['app', 'Expected a handler as `FILE` or `FILE.EXPORT`, got `app`, which is no file\n'],
])('given `%s` for a handler the program says what it expected', async ([argument, message]) => {
  const files = { 'sub/lpr.yaml': manifest('/a'), 'empty/.keep': '', 'app.ts': APP };
  const { directory } = await createProject(files);
  const { ended, stderr } = startProgram([argument!], { cwd: directory });
  expect(await ended).toBe(2);
  expect(stderr()).toBe(message);
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
  expect(lines.map(({ message }) => message)).toContain(
    `Listening at ${byVariable.url}, Lambda API at ${byVariable.lambdaUrl}`,
  );
  expect(lines).toContainEqual(
    expect.objectContaining({ level: 'info', message: 'seen /b', functionName: 'hello' }),
  );
});

test('a level leaves out what is less important', async () => {
  const { directory } = await createProject({
    'lpr.yaml': manifest('/a'),
    'app.ts': 'console.log("less"); console.error("more"); export const handler = async () => 1;',
  });
  const flags = ['--port', '0', '--log-level', 'error', '--log-format', 'json'];
  const program = startProgram(flags, { cwd: directory });
  await program.waitFor(/more/);
  program.signal('SIGTERM');
  // Nothing tells that it listens; a signal before that ends it as well.
  expect([0, 'SIGTERM']).toContain(await program.ended);
  expect(JSON.parse(program.stdout())).toMatchObject({ level: 'error', message: 'more' });
});

test('an address that is not of this machine is named with the flag', async () => {
  const { directory } = await createProject({ 'app.ts': APP });
  const flags = ['--host', '192.0.2.1', '--port', '0', 'app.ts'];
  const program = startProgram(flags, { cwd: directory });
  expect(await program.ended).toBe(1);
  expect(program.stderr()).toBe(
    'Expected `--host` to be an address of this machine, got `192.0.2.1` (EADDRNOTAVAIL)\n',
  );
});

test('an edit changes nothing with --no-watch', async () => {
  const { directory, write } = await createProject({ 'lpr.yaml': manifest('/a'), 'app.ts': APP });
  const [watching, still] = await Promise.all([
    startListening([], { cwd: directory }),
    startListening(['--no-watch'], { cwd: directory }),
  ]);
  const answerOf = async ({ url }: { url: string }) => (await fetch(`${url}/a`)).text();
  for (const word of ['one', 'two', 'three']) {
    await write('app.ts', `export const handler = async () => '${word}';`);
    // By the time that the other one has reloaded, this one would have, at the latest an edit later.
    await expect.poll(() => answerOf(watching)).toBe(word);
  }
  expect(await answerOf(still)).toBe('none');
  expect(still.stdout()).not.toContain('Reloaded');
});

test('a handler that knows nothing of batches works with --single', async () => {
  const { directory } = await createProject({ 'app.ts': APP });
  const { url } = await startListening(['--single', 'app.ts'], { cwd: directory });
  const answers = ['/a', '/b'].map(async (path) => (await fetch(url + path)).text());
  expect(await Promise.all(answers)).toEqual(['none', 'none']);
  const lost = startProgram(['--single'], { cwd: directory });
  expect([await lost.ended, lost.stderr()]).toEqual([
    2,
    'Expected a handler beside `--single`, got none; in a manifest it is `x-lpr.payloadFormat: single`\n',
  ]);
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
    'app.ts':
      'export const handler = () => { console.log("begun"); return new Promise(() => {}); };',
  });
  const program = await startListening([], { cwd: directory });
  const answer = fetch(`${program.url}/a`).catch(() => 'broken');
  await program.waitFor(/^begun/m);
  program.signal('SIGINT');
  await program.waitFor(/^Stopping when what is under way is answered; Ctrl-C again/m);
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
    'single',
  ])
    expect(stdout()).toContain(`--${flag} `);
  expect(stdout()).toContain('lpr-emulator exec [handler] [options] -- <command...>');
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
  expect(line).toContain('`x-lpr.payloadFormat: single` (without a manifest: `--single`)');
});

test('a debugger may attach', async () => {
  const { directory } = await createProject({ 'lpr.yaml': manifest('/a'), 'app.ts': APP });
  const { waitFor } = await startListening(['--inspect', '0'], { cwd: directory });
  const [, host] = await waitFor(/Debugger listening on ws:\/\/([^/]+)\//);
  expect(await (await fetch(`http://${host}/json/version`)).json()).toHaveProperty('Browser');
});

test('a busy port of the debugger is an error when it was asked for', async () => {
  const { directory } = await createProject({ 'lpr.yaml': manifest('/a'), 'app.ts': APP });
  const busy = await occupy();
  const program = startProgram(['--inspect', String(busy)], { cwd: directory });
  expect([await program.ended, program.stderr()]).toEqual([
    1,
    `Port ${busy} is in use; choose another with \`--inspect\`\n`,
  ]);
});

test('two debuggers may attach to two emulators', async () => {
  const { directory } = await createProject({ 'lpr.yaml': manifest('/a'), 'app.ts': APP });
  const hosts: (string | undefined)[] = [];
  for (const flags of [
    { args: ['--inspect'] },
    { args: [], env: { LPR_EMULATOR_INSPECT: 'true' } },
  ]) {
    const { waitFor } = await startListening(flags.args, { cwd: directory, ...flags });
    const [, host] = await waitFor(/Debugger listening on ws:\/\/([^/]+)\//);
    hosts.push(host);
    expect((await fetch(`http://${host}/json/version`)).status).toBe(200);
  }
  expect(new Set(hosts).size).toBe(2);
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
