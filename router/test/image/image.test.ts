import { execFile } from 'node:child_process';
import { lstat, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startProcess } from '../commands/program.ts';
import { ARN } from '../config/manifests.ts';
import { StageBuild } from './build-stages.ts';
import { readDockerfile } from './dockerfile.ts';
import type { Stage } from './dockerfile.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
/** What the image may add to its base, in bytes. */
const MOST_BYTES = 60 * 2 ** 20;

let stages: Stage[];
let image: Stage;
/** What the last stage has copied. */
let root: string;
/** What Docker would be sent. */
let context: string;
beforeAll(async () => {
  stages = readDockerfile(await readFile(join(repository, 'Dockerfile'), 'utf8'));
  image = stages.at(-1)!;
  const built = await StageBuild.run(stages, repository);
  ({ root, context } = built);
  return () => rm(built.folder, { recursive: true });
}, 300_000);

/** Words of the image's, as they are on this machine. */
const here = (words: readonly string[] = []) =>
  words.map((word) => {
    if (word === 'node') return process.execPath;
    return word.startsWith('/app/') ? join(root, word) : word;
  });

const environment = (more: Record<string, string> = {}) => ({ ...image.environment, ...more });

/** The image's entry point with a manifest, listening at a free port. */
async function startImage() {
  const folder = await mkdtemp(join(tmpdir(), 'lpr-image-run-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const manifest = {
    ListenAddr: '127.0.0.1:0',
    DrainDelayMs: 0,
    Spec: {
      paths: {
        '/a': { get: { 'x-target-lambda': ARN, 'x-lpr': { maxWaitMs: 1, maxBatchSize: 1 } } },
      },
    },
  };
  const location = join(folder, 'router.json');
  await writeFile(location, JSON.stringify(manifest));
  const env = environment({ LPR_CONFIG_URI: location });
  const program = startProcess(here(image.entrypoint), { env, cwd: join(root, 'app') });
  const { url } = await program.logged('listening');
  return { program, url: String(url) };
}

/** The exit code of the image's health check. */
async function checkHealth(url: string): Promise<unknown> {
  const [command, ...args] = here(image.healthcheck);
  const env = environment({ LPR_HEALTHCHECK_URL: `${url}/healthz` });
  return promisify(execFile)(command!, args, { env }).then(
    () => 0,
    (error: { code: unknown }) => error.code,
  );
}

/** Everything in a folder, links not followed. */
async function entriesOf(folder: string) {
  const paths = await readdir(folder, { recursive: true });
  return Promise.all(paths.map(async (path) => ({ path, stats: await lstat(join(folder, path)) })));
}

describe('what the Dockerfile copies', () => {
  test('answers its health check, and drains on SIGTERM', async () => {
    const { program, url } = await startImage();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(await checkHealth(url)).toBe(0);
    program.signal('SIGTERM');
    const { exitCode, err } = await program.ended;
    expect([exitCode, err]).toEqual([0, '']);
    expect(await checkHealth(url)).toBe(1);
  });

  test('says what is missing when it has no manifest', async () => {
    const program = startProcess(here(image.entrypoint), {
      env: environment(),
      cwd: join(root, 'app'),
    });
    const { exitCode, err } = await program.ended;
    expect(exitCode).toBe(2);
    expect(err).toContain('LPR_CONFIG_URI');
  });

  test('is at most 60 MB', async () => {
    const entries = await entriesOf(root);
    const bytes = entries.reduce((sum, { stats }) => sum + stats.blocks * 512, 0);
    expect(bytes).toBeLessThan(MOST_BYTES);
    expect(bytes).toBeGreaterThan(2 ** 20);
  });

  test('comes from few files of the repository', async () => {
    expect((await readdir(context)).toSorted()).toEqual([
      'LICENSE',
      'package-lock.json',
      'package.json',
      'protocol',
      'router',
      'tsconfig.json',
    ]);
    const paths = await readdir(context, { recursive: true });
    expect(paths.filter((path) => /(?:^|\/)(?:\.|node_modules|dist|test)/.test(path))).toEqual([]);
  });

  test('has no development dependency, no source and no test of ours', async () => {
    const app = join(root, 'app');
    const namesIn = async (folder: string) => (await readdir(join(app, folder))).toSorted();
    expect(await namesIn('.')).toEqual(['LICENSE', 'node_modules', 'protocol', 'router']);
    expect(await namesIn('protocol')).toEqual(['dist', 'package.json']);
    const inRouter = (await namesIn('router')).filter((name) => name !== 'node_modules');
    expect(inRouter).toEqual(['bin', 'dist', 'package.json']);
    const modules = await namesIn('node_modules');
    expect(modules).toContain('fastify');
    for (const tool of ['tsup', 'typescript', 'vitest', 'oxlint', 'esbuild', 'node']) {
      expect(modules).not.toContain(tool);
    }
  });

  test('is the same for every processor, as it was not made on the one that it is for', async () => {
    const entries = await entriesOf(root);
    expect(entries.map(({ path }) => path).filter((path) => path.endsWith('.node'))).toEqual([]);
    const lock = JSON.parse(await readFile(join(repository, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { cpu?: unknown }>;
    };
    const bound = Object.keys(lock.packages).filter((path) => lock.packages[path]?.cpu);
    expect(bound.length).toBeGreaterThan(0);
    const found = entries.map(({ path }) => path.replace(/^app\//, ''));
    expect(bound.filter((path) => found.includes(path))).toEqual([]);
  });

  test('can be read by a user who does not own it', async () => {
    const entries = await entriesOf(root);
    const closed = entries.filter(
      ({ stats }) =>
        !stats.isSymbolicLink() && (stats.mode & (stats.isDirectory() ? 0o5 : 0o4)) === 0,
    );
    expect(closed.map(({ path }) => path)).toEqual([]);
  });
});

describe('the image', () => {
  test('runs as nobody in particular, without a shell between it and its signals', () => {
    expect(image.user).toBe('1000:1000');
    expect(image.entrypoint?.[0]).toBe('node');
    expect(image.healthcheck?.[0]).toBe('node');
  });

  test('has the Node.js that the tests run on', async () => {
    const lock = await readFile(join(repository, 'package-lock.json'), 'utf8');
    const { packages } = JSON.parse(lock) as { packages: Record<string, { version: string }> };
    const version = packages['node_modules/node']?.version;
    expect(new Set(stages.map(({ base }) => base))).toEqual(
      new Set([`node:${version}-trixie-slim`]),
    );
  });

  test('says what it is', () => {
    expect(image.labels).toMatchObject({
      'org.opencontainers.image.title': 'lpr-router',
      'org.opencontainers.image.licenses': 'MIT',
      'org.opencontainers.image.version': '${VERSION}',
      'org.opencontainers.image.revision': '${REVISION}',
    });
  });
});
