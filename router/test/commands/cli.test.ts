import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { MINIMAL } from '../config/manifests.ts';
import { startProgram } from './program.ts';

let location: string;
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lpr-cli-'));
  location = join(folder, 'router.yaml');
  await writeFile(location, MINIMAL.replace(':3000', ':0'));
  return () => rm(folder, { recursive: true });
});

const run = (args: readonly string[], env?: NodeJS.ProcessEnv) => startProgram(args, env).ended;

describe('lpr-router check', () => {
  test('prints the routes, warns, and ends with 0', async () => {
    const { exitCode, out, err } = await run(['check', '--config', location]);
    expect(out.split('\n')).toEqual([
      'METHOD  PATH    FUNCTION  WINDOW  SIZE  KEY  MODE',
      'GET     /hello  hello     10 ms   4     -    buffered',
      `${location}: 1 route, 1 warning`,
      '',
    ]);
    expect(err).toMatch(/^.*router\.yaml:7:9: warning: .* share a batch; .*\n$/);
    expect(exitCode).toBe(0);
  });

  test('prints the problems, and ends with 2', async () => {
    await writeFile(location, 'ListenAddr: here\nSpec: { paths: { b: {} } }\n');
    const { exitCode, out, err } = await run(['check', '--config', location]);
    expect(err.split('\n')).toEqual([
      `${location}:1:13: ListenAddr: expected \`IP:port\` or \`[IPv6]:port\`, got \`here\` (string)`,
      `${location}:2:18: Spec.paths.b: expected a path that begins with \`/\`, got \`b\`; did you mean \`/b\`?`,
      '',
    ]);
    expect(out).toBe('');
    expect(exitCode).toBe(2);
  });

  test('takes the location from the environment, and before the command, too', async () => {
    const { exitCode, out } = await run(['check'], { LPR_CONFIG_URI: location });
    expect([exitCode, out]).toEqual([0, expect.stringContaining('1 route')]);
    const before = await run(['--config', location, 'check'], { LPR_CONFIG_URI: 'elsewhere' });
    expect([before.exitCode, before.out]).toEqual([0, out]);
  });

  test('has nothing to print for a manifest without routes', async () => {
    await writeFile(location, 'ListenAddr: 127.0.0.1:0\nSpec: { paths: {} }\n');
    expect(await run(['check', '--config', location])).toEqual({
      exitCode: 0,
      out: `${location}: 0 routes, 0 warnings\n`,
      err: '',
    });
  });
});

describe('the command line', () => {
  test('help names every flag and command', async () => {
    const { exitCode, out } = await run(['--help']);
    for (const name of ['--config', '--watch', '--version', 'check', 'LPR_CONFIG_URI', 's3://']) {
      expect(out).toContain(name);
    }
    expect(exitCode).toBe(0);
    expect((await run(['check', '--help'])).out).toContain('--config');
  });

  test.each([
    [[], 'Expected `--config FILE` or the environment variable LPR_CONFIG_URI, got neither'],
    [['check'], 'Expected `--config FILE` or the environment variable LPR_CONFIG_URI, got neither'],
    [['chek'], 'chek'],
    [['--wach'], 'Did you mean --watch?'],
    [['check', '--confg', 'x'], 'Did you mean --config?'],
    [['--config', 'nowhere.yaml'], 'nothing there (ENOENT)'],
  ])('%j ends with 2 and one reason', async (args, reason) => {
    const { exitCode, err } = await run(args);
    expect(err).toContain(reason);
    expect(err).not.toContain('    at ');
    expect(exitCode).toBe(2);
  });
});

test('whoever stops reading the routes ends the program without a complaint', async () => {
  const program = startProgram(['check', '--config', location]);
  program.stopReading();
  const { exitCode, err } = await program.ended;
  expect([exitCode, err.replace(/^.*: warning: .*\n/, '')]).toEqual([0, '']);
});

describe('an address that is taken', () => {
  test.each([
    ['ListenAddr', 'AdminAddr'],
    ['AdminAddr', 'ListenAddr'],
  ])('%s ends the program, though %s is free', async (taken, free) => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const spec = MINIMAL.slice(MINIMAL.indexOf('Spec'));
    await writeFile(location, `${taken}: 127.0.0.1:${port}\n${free}: 127.0.0.1:0\n${spec}`);
    expect(await run(['--config', location])).toEqual({
      exitCode: 1,
      out: '',
      err: `listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`,
    });
  });
});

describe('reloading the program', () => {
  const status = async (url: unknown, path: string) =>
    (await fetch(`${String(url)}${path}`, { method: 'DELETE' })).status;

  // Not SIGTERM, after which it would serve for another `DrainDelayMs`.
  const stopped = async (program: ReturnType<typeof startProgram>) => {
    program.signal('SIGINT');
    return (await program.ended).exitCode;
  };

  test('SIGHUP puts a new manifest in force and refuses a bad one', async () => {
    const program = startProgram(['--config', location]);
    const { url } = await program.logged('listening');
    expect(await status(url, '/new')).toBe(404);

    await writeFile(location, MINIMAL.replace(':3000', ':0').replace('/hello', '/new'));
    program.signal('SIGHUP');
    await program.logged('configuration reloaded');
    expect(await status(url, '/new')).toBe(405);

    await writeFile(location, 'ListenAddr: here\n');
    program.signal('SIGHUP');
    const refused = await program.logged('configuration refused; the old one stays');
    expect(refused).toMatchObject({ config: location, level: 50 });
    expect(refused['problems']).toHaveLength(2);
    expect(await status(url, '/new')).toBe(405);

    expect(await stopped(program)).toBe(0);
  });

  test('--watch reloads when the file changes', async () => {
    const program = startProgram(['--config', location, '--watch']);
    const { url } = await program.logged('listening');
    await writeFile(location, MINIMAL.replace('/hello', '/new'));
    const { settings } = await program.logged('these settings change with a restart only');
    expect(settings).toEqual(['ListenAddr']);
    expect(await status(url, '/new')).toBe(405);
    expect(await stopped(program)).toBe(0);
  });
});
