import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { reloader } from '../../src/commands/reloader.ts';
import { loadConfig } from '../../src/config/load.ts';
import { RESTART_SETTINGS } from '../../src/config/restart-settings.ts';
import type { RouterConfig } from '../../src/config/router-config.ts';
import { echo, gate, operation, startRouter } from '../support/router.ts';

let location: string;
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lpr-reload-'));
  location = join(folder, 'router.yaml');
  return () => rm(folder, { recursive: true });
});

const write = (paths: readonly string[], settings: object = {}) =>
  writeFile(
    location,
    JSON.stringify({
      ListenAddr: '127.0.0.1:0',
      ...settings,
      Spec: { paths: Object.fromEntries(paths.map((path) => [path, { get: operation() }])) },
    }),
  );

type Log = (fields: unknown, message?: string) => void;
const logger = () => ({ info: vi.fn<Log>(), warn: vi.fn<Log>(), error: vi.fn<Log>() });

describe('reloading', () => {
  test('requests in flight finish on the old table, and new ones meet the new one', async () => {
    const { open, opened } = gate();
    const invoked = Promise.withResolvers<void>();
    await write(['/old']);
    const { router, url } = await startRouter({
      config: location,
      async answer(event, invocation) {
        invoked.resolve();
        await opened;
        return echo(event, invocation);
      },
    });
    const log = logger();
    const reload = reloader({ router, location, logger: log });
    const inFlight = fetch(`${url}/old`);
    await invoked.promise;
    await write(['/new']);
    await reload();
    expect(log.info).toHaveBeenCalledWith(
      { config: location, routes: 1 },
      'configuration reloaded',
    );
    expect((await fetch(`${url}/old`)).status).toBe(404);
    open();
    expect(await (await inFlight).text()).toBe('/old');
    expect(await (await fetch(`${url}/new`)).text()).toBe('/new');
    expect(log.warn).not.toHaveBeenCalled();
  });

  test.each([
    [
      'a manifest with mistakes',
      '{"ListenAddr": 1, "Spec": {"paths": {}}}',
      'ListenAddr: expected',
    ],
    ['no manifest at all', '', 'manifest: expected a mapping'],
    ['a broken one', '{', 'syntax: expected'],
  ])('%s is refused, and the old one goes on serving', async (_, text, problem) => {
    await write(['/old']);
    const { router, url } = await startRouter({ config: location });
    const before = router.config;
    const log = logger();
    await writeFile(location, text);
    await reloader({ router, location, logger: log })();
    expect(log.error).toHaveBeenCalledExactlyOnceWith(
      { config: location, problems: [expect.stringContaining(problem)] },
      'configuration refused; the old one stays',
    );
    expect(router.config).toBe(before);
    expect(await (await fetch(`${url}/old`)).text()).toBe('/old');
  });

  test('a router that fails to take it is no end either', async () => {
    await write(['/a']);
    const log = logger();
    const failure = new Error('no');
    const config = await loadConfig(location);
    const reload = () => {
      throw failure;
    };
    await reloader({ router: { config, reload }, location, logger: log })();
    expect(log.error).toHaveBeenCalledWith({ config: location, err: failure }, expect.any(String));
  });

  test('settings that need a restart are named', async () => {
    await write(['/a']);
    const { router } = await startRouter({ config: location });
    const log = logger();
    await write(['/a'], {
      ListenAddr: '127.0.0.1:1',
      AdminAddr: '127.0.0.1:2',
      AwsRegion: 'eu-west-1',
      Invoker: 'sdk',
      KeepAliveTimeoutMs: 1,
      MaxInflightInvocations: 1,
      StreamIdleTimeoutMs: 1,
      DrainDelayMs: 1,
    });
    await reloader({ router, location, logger: log })();
    expect(log.warn).toHaveBeenCalledExactlyOnceWith(
      { settings: RESTART_SETTINGS },
      'these settings change with a restart only',
    );
    expect(router.config.drainDelayMs).toBe(1);
  });

  test('what is asked for during a reload is done once after it, with what is there then', async () => {
    await write(['/one']);
    const paths: (string | undefined)[] = [];
    const router = {
      config: await loadConfig(location),
      reload(config: RouterConfig) {
        paths.push(config.operations[0]?.path);
        writeFileSync(location, readFileSync(location, 'utf8').replace('/one', '/two'));
      },
    };
    const reload = reloader({ router, location, logger: logger() });
    await Promise.all([reload(), reload(), reload()]);
    expect(paths).toEqual(['/one', '/two']);
    await reload();
    expect(paths).toHaveLength(3);
  });
});
