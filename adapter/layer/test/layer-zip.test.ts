import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { runTool } from './support/command.ts';
import { answersIn, batchOf } from './support/proxy.ts';
import { RealRuntimeApi } from './support/real-runtime-api.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const DIST = join(ROOT, 'adapter', 'layer', 'dist');
const RIC = join(ROOT, 'node_modules', 'aws-lambda-ric', 'index.mjs');
const MEGABYTE = 1_000_000;

interface LayerManifest {
  readonly sha256: string;
  readonly bytes: number;
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

async function build(...names: string[]): Promise<void> {
  await runTool(process.execPath, [join(ROOT, 'scripts', 'build-layer.mjs'), ...names], 'node');
}

async function manifestOf(name: string): Promise<LayerManifest> {
  return JSON.parse(await readFile(join(DIST, `${name}.json`), 'utf8')) as LayerManifest;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Unpacks a layer as Lambda does below `/opt`. */
async function unpack(name: string): Promise<string> {
  const opt = await mkdtemp(join(tmpdir(), 'opt-'));
  onTestFinished(() => rm(opt, { recursive: true }));
  await runTool('unzip', ['-q', join(DIST, `${name}.zip`), '-d', opt]);
  return opt;
}

/** A sandbox like Lambda's: extensions first, then the runtime through the wrapper. */
async function startSandbox(opt: string, path = process.env['PATH']) {
  const api = await RealRuntimeApi.start();
  const registered: string[] = [];
  api.intercept = ({ url, headers }, response) => {
    if (url?.startsWith('/2020-01-01/extension/') !== true) return false;
    if (url.endsWith('/register')) {
      registered.push(String(headers['lambda-extension-name']));
      response.writeHead(200, { 'Lambda-Extension-Identifier': 'x' }).end('{}');
    }
    return true;
  };
  const free = await RealRuntimeApi.start();
  const address = `127.0.0.1:${free.port}`;
  await free[Symbol.asyncDispose]();
  const taskRoot = await mkdtemp(join(tmpdir(), 'task-'));
  const { writeFile } = await import('node:fs/promises');
  await writeFile(
    join(taskRoot, 'app.mjs'),
    'export const handler = async (event) => event.n * 2;',
  );
  const env = {
    PATH: path,
    AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${api.port}`,
    LPR_PROXY_ADDR: address,
    LPR_MAX_CONCURRENCY: '2',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_FUNCTION_NAME: 'app',
    AWS_LAMBDA_FUNCTION_VERSION: '1',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_LAMBDA_LOG_GROUP_NAME: 'group',
    AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
  };
  const children: ChildProcess[] = [];
  for (const name of await readdir(join(opt, 'extensions'))) {
    children.push(spawn(join(opt, 'extensions', name), { env, stdio: 'inherit' }));
  }
  const own = { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x', LAMBDA_TASK_ROOT: taskRoot };
  const command = [process.execPath, RIC, 'app.handler'];
  const wrapper = join(opt, 'lpr', 'exec-wrapper.sh');
  children.push(spawn(wrapper, command, { env: { ...env, ...own, _HANDLER: 'app.handler' } }));
  onTestFinished(async () => {
    for (const child of children.toReversed()) child.kill('SIGKILL');
    await api[Symbol.asyncDispose]();
    await rm(taskRoot, { recursive: true });
  });
  return { api, registered };
}

/** What a batch of two is answered with, and which extensions there were. */
async function answersOf({ api, registered }: Awaited<ReturnType<typeof startSandbox>>) {
  api.offer({ id: 'outer', body: batchOf({ id: 'a', n: 1 }, { id: 'b', n: 21 }) });
  const { body } = await api.received('outer/response');
  const bodies = [...answersIn(body.toString())].map(([id, answer]) => [id, answer.body]);
  return { bodies, registered };
}

const RIGHT = {
  bodies: [
    ['a', '2'],
    ['b', '42'],
  ],
  registered: ['lpr-runtime-api-proxy'],
};

describe('layer-node', () => {
  beforeAll(() => build('layer-node'));

  it('is a few KB, and its manifest has the hashes of what is in it', async () => {
    const { bytes, sha256: hash, files } = await manifestOf('layer-node');
    expect(bytes).toBeLessThan(20_000);
    expect(sha256(await readFile(join(DIST, 'layer-node.zip')))).toBe(hash);
    const opt = await unpack('layer-node');
    for (const file of files) {
      expect(sha256(await readFile(join(opt, file.path))), file.path).toBe(file.sha256);
    }
    expect(files.map(({ path }) => path)).toEqual([
      'extensions/lpr-runtime-api-proxy',
      'lpr/exec-wrapper.sh',
      'lpr/lpr-proxy.cjs',
    ]);
  });

  it('is the same bytes when it is built again', async () => {
    const { sha256: first } = await manifestOf('layer-node');
    await build('layer-node');
    expect((await manifestOf('layer-node')).sha256).toBe(first);
  });

  it('works unpacked, with the Node.js that there is', async () => {
    const sandbox = await startSandbox(await unpack('layer-node'));
    expect(await answersOf(sandbox)).toEqual(RIGHT);
  });
});

describe('layer-universal', () => {
  const native = process.arch === 'arm64' ? 'layer-universal-arm64' : 'layer-universal-x86_64';
  beforeAll(() => build('layer-universal-x86_64', 'layer-universal-arm64'), 240_000);

  it.each(['layer-universal-x86_64', 'layer-universal-arm64'])(
    '%s has at most 50 MB zipped, and fits into Lambda unzipped',
    async (name) => {
      expect((await manifestOf(name)).bytes).toBeLessThan(50 * MEGABYTE);
      const opt = await unpack(name);
      expect((await stat(join(opt, 'lpr', 'lpr-proxy'))).size).toBeLessThan(200 * MEGABYTE);
      const machine = (await readFile(join(opt, 'lpr', 'lpr-proxy'))).readUInt16LE(18);
      // `e_machine` of ELF: EM_X86_64, EM_AARCH64.
      expect(machine).toBe(name.endsWith('arm64') ? 183 : 62);
    },
  );

  it('works unpacked where there is no Node.js but its own', async () => {
    const opt = await unpack(native);
    // The tools of the shell files, and no `node`.
    const sandbox = await startSandbox(opt, '/usr/bin:/bin');
    expect(await answersOf(sandbox)).toEqual(RIGHT);
  });
});
