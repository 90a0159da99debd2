import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { startEmulator } from '../src/emulator.ts';
import type { Reloaded } from '../src/reloader.ts';
import { createProject } from './support/project.ts';

const MANIFEST = `
Spec:
  paths:
    /{name}:
      get:
        x-target-lambda: arn:aws:lambda:us-east-1:123456789012:function:hello
        x-lpr: { maxWaitMs: 0, maxBatchSize: 1, payloadFormat: single }
Emulator: { Functions: { hello: { Handler: src/app.handler } } }
`;
const APP = `
  import { word } from './word.js';
  export const handler = (event) => event.rawPath === '/wait'
    ? new Promise((done) => { globalThis.finish = () => done(word); })
    : Promise.resolve(word + (process.env.MARK ?? ''));`;

async function start({ isolation = 'in-process' } = {}) {
  const project = await createProject({
    'lpr.yaml': MANIFEST.replace('app.handler', `app.handler, Isolation: ${isolation}`),
    'src/app.ts': APP,
    'src/word.ts': "export const word: string = 'one';",
    'local.env': 'MARK=!\n',
  });
  const reloads: Reloaded[] = [];
  const emulator = await startEmulator({
    config: join(project.directory, 'lpr.yaml'),
    envFiles: [join(project.directory, 'local.env')],
    host: '127.0.0.1',
    port: 0,
    watch: true,
    onReload: (reloaded) => reloads.push(reloaded),
  });
  const get = async (path = '/x') => (await emulator.fetch(path)).text();
  return { ...project, emulator, reloads, get };
}

test('an edit of what the handler imports is served next, and one line can tell it', async () => {
  const { emulator, reloads, get, write } = await start();
  await using _ = emulator;
  expect(await get()).toBe('one!');
  await write('src/word.ts', "export const word = 'two';");
  await expect.poll(() => reloads).toHaveLength(1);
  expect(reloads[0]).toMatchObject({ type: 'reloaded', what: 'hello', errors: [] });
  expect(reloads[0]?.files[0]).toMatch(/src\/word\.ts$/);
  expect(await get()).toBe('two!');
});

test('what is under way ends on the old generation', async () => {
  const { emulator, reloads, get, write } = await start();
  await using _ = emulator;
  const waiting = get('/wait');
  await expect.poll(() => Reflect.get(globalThis, 'finish') as unknown).toBeTypeOf('function');
  await write('src/word.ts', "export const word = 'two';");
  await expect.poll(() => reloads).toHaveLength(1);
  expect(await get()).toBe('two!');
  Reflect.get(globalThis, 'finish')();
  Reflect.deleteProperty(globalThis, 'finish');
  expect(await waiting).toBe('one');
});

test('a broken handler, then a broken manifest, keep the last good ones until they are mended', async () => {
  const { emulator, reloads, get, write, directory } = await start();
  await using _ = emulator;
  await write('src/word.ts', 'export const word = ;');
  await expect.poll(() => reloads).toHaveLength(1);
  expect(reloads[0]?.type).toBe('refused');
  expect(reloads[0]?.errors[0]).toMatch(/word\.ts:1:\d+[^]*SyntaxError: Unexpected ";"/);
  expect(await get()).toBe('one!');
  await write('src/word.ts', "export const word = 'three';");
  await expect.poll(() => reloads).toHaveLength(2);
  expect(await get()).toBe('three!');
  await write('lpr.yaml', MANIFEST.replace('maxBatchSize: 1', 'maxBatchSize: 0'));
  await expect.poll(() => reloads).toHaveLength(3);
  expect(reloads[2]).toMatchObject({ type: 'refused', what: 'everything' });
  expect(reloads[2]?.errors[0]).toContain(`${join(directory, 'lpr.yaml')}:7:`);
  expect(await get()).toBe('three!');
});

test('a mistake in what two functions import is told once', async () => {
  const project = await createProject({
    'a.ts': "export { handler } from './shared.ts';",
    'b.ts': "export { handler } from './shared.ts';",
    'shared.ts': 'export const handler = async () => 1;',
  });
  const functions = { a: { Handler: 'a.handler' }, b: { Handler: 'b.handler' } };
  await project.write(
    'lpr.json',
    JSON.stringify({ Spec: { paths: {} }, Emulator: { Functions: functions } }),
  );
  const config = join(project.directory, 'lpr.json');
  await using emulator = await startEmulator({ config, host: '127.0.0.1', port: 0 });
  await project.write('shared.ts', 'export const handler = ;');
  const { errors } = await emulator.reload();
  expect(errors).toEqual([
    expect.stringMatching(/^`a`, `b`: .*shared\.ts:1:\d+[^]*Unexpected ";"$/),
  ]);
});

test('a file that an import was missing is noticed when it comes', async () => {
  const { reloads, emulator, get, write } = await start();
  await using _ = emulator;
  await write('src/word.ts', "export { word } from './later.js';");
  await expect.poll(() => reloads).toHaveLength(1);
  expect(reloads[0]?.errors[0]).toContain("Cannot find module './later.js'");
  await write('src/later.ts', "export const word = 'four';");
  await expect.poll(() => reloads).toHaveLength(2);
  expect(reloads[1]).toMatchObject({ type: 'reloaded', what: 'hello', errors: [] });
  expect(await get()).toBe('four!');
});

test('a lone handler that begins to stream gets routes that do', async () => {
  const { directory, write } = await createProject({
    'app.ts': 'export const handler = async () => "whole";',
  });
  const settings = { host: '127.0.0.1', port: 0, watch: true, single: true };
  await using emulator = await startEmulator({ handler: join(directory, 'app.ts'), ...settings });
  const get = async () => (await emulator.fetch('/x')).text();
  expect(await get()).toBe('whole');
  await write(
    'app.ts',
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
      const http = awslambda.HttpResponseStream.from(stream, { statusCode: 200 });
      http.write('in ');
      http.end('pieces');
    });`,
  );
  await expect.poll(get).toBe('in pieces');
  await write('app.ts', 'export const handler = async () => "whole again";');
  await expect.poll(get).toBe('whole again');
});

test('an edit of the manifest or of an env file reloads everything', async () => {
  const { emulator, reloads, get, write } = await start();
  await using _ = emulator;
  await write('local.env', 'MARK=?\n');
  await expect.poll(() => reloads).toHaveLength(1);
  expect(reloads[0]).toMatchObject({ type: 'reloaded', what: 'everything' });
  expect(await get()).toBe('one?');
  await write('lpr.yaml', MANIFEST.replace('/{name}', '/other/{name}'));
  await expect.poll(() => reloads).toHaveLength(2);
  expect((await emulator.fetch('/x')).status).toBe(404);
  expect(await get('/other/x')).toBe('one?');
});

test('a worker is reloaded as well, and none is left behind', async () => {
  let started = 0;
  let live = 0;
  const count = (worker: Worker): void => {
    started += 1;
    live += 1;
    worker.once('exit', () => {
      live -= 1;
    });
  };
  process.on('worker', count);
  onTestFinished(() => void process.off('worker', count));
  const { emulator, get, write } = await start({ isolation: 'worker' });
  {
    await using _ = emulator;
    expect(await get()).toBe('one!');
    await write('src/word.ts', "export const word = 'two';");
    await expect.poll(() => get()).toBe('two!');
    for (let n = 0; n < 10; n += 1) await emulator.reload();
    expect(await get()).toBe('two!');
    expect(started).toBeGreaterThan(10);
    await expect.poll(() => live).toBe(1);
  }
  expect(live).toBe(0);
});

test('200 reloads grow the heap by at most 20 MB', async () => {
  const { emulator, get } = await start();
  await using _ = emulator;
  for (let n = 0; n < 5; n += 1) await emulator.reload();
  const before = heapBytes();
  for (let n = 0; n < 200; n += 1) {
    await emulator.reload();
  }
  expect(await get()).toBe('one!');
  expect((heapBytes() - before) / 1e6).toBeLessThanOrEqual(20);
});

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
