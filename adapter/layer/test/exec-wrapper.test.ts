import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runTool } from './support/command.ts';
import { setUp } from './support/proxy.ts';

const LAYER = fileURLToPath(new URL('..', import.meta.url));
const WRAPPER = join(LAYER, 'exec-wrapper.sh');
const run = promisify(execFile);

/** The environment that a program sees which the wrapper has started. */
async function startedWith(variables: Record<string, string>, args = ['env', '-0']) {
  await using setup = await setUp();
  const { stdout } = await run(WRAPPER, args, {
    env: {
      PATH: process.env['PATH'],
      AWS_LAMBDA_RUNTIME_API: '127.0.0.1:1234',
      LPR_PROXY_ADDR: setup.proxy.address,
      ...variables,
    },
  });
  const env = Object.fromEntries(
    stdout
      .split('\0')
      .map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]),
  );
  return { env, stdout, address: setup.proxy.address };
}

const NODE = { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' };

describe('the exec wrapper', () => {
  it('is clean under shellcheck, as is the extension', async () => {
    const files = [WRAPPER, join(LAYER, 'extensions', 'lpr-runtime-api-proxy')];
    expect(await runTool('shellcheck', files)).toBe('');
  });

  it('points the runtime at the proxy, keeps the real address, and leaves everything else alone', async () => {
    const { env, address } = await startedWith({ ...NODE, MINE: 'a b' });
    expect(env).toMatchObject({
      AWS_LAMBDA_RUNTIME_API: address,
      LPR_UPSTREAM_RUNTIME_API: '127.0.0.1:1234',
      MINE: 'a b',
    });
    expect(Object.keys(env)).not.toContain('AWS_LAMBDA_MAX_CONCURRENCY');
    expect(Object.keys(env)).not.toContain('AWS_LAMBDA_NODEJS_WORKER_COUNT');
  });

  it.each([
    ['1024', '16', '4'],
    ['128', '16', '1'],
    ['10240', '8', '8'],
  ])('with %s MB and a concurrency of %s starts %s workers', async (memory, most, workers) => {
    const { env } = await startedWith({
      ...NODE,
      LPR_MAX_CONCURRENCY: most,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: memory,
    });
    expect(env).toMatchObject({
      AWS_LAMBDA_MAX_CONCURRENCY: most,
      AWS_LAMBDA_NODEJS_WORKER_COUNT: workers,
      AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'true',
    });
  });

  it('keeps values that are there, and gives the native client a thread for each worker', async () => {
    const { env } = await startedWith({
      ...NODE,
      LPR_MAX_CONCURRENCY: '16',
      AWS_LAMBDA_MAX_CONCURRENCY: '32',
      AWS_LAMBDA_NODEJS_WORKER_COUNT: '3',
      AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'false',
    });
    expect(env).toMatchObject({
      AWS_LAMBDA_MAX_CONCURRENCY: '32',
      AWS_LAMBDA_NODEJS_WORKER_COUNT: '3',
      AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'false',
      UV_THREADPOOL_SIZE: '7',
    });
  });

  it('takes the log descriptor from Python when events run in parallel, and only then', async () => {
    const python = { AWS_EXECUTION_ENV: 'AWS_Lambda_python3.14', _LAMBDA_TELEMETRY_LOG_FD: '9' };
    expect((await startedWith(python)).env).toMatchObject({ _LAMBDA_TELEMETRY_LOG_FD: '9' });
    const { env } = await startedWith({ ...python, LPR_MAX_CONCURRENCY: '2' });
    expect(Object.keys(env)).not.toContain('_LAMBDA_TELEMETRY_LOG_FD');
    expect(env).toMatchObject({ AWS_LAMBDA_MAX_CONCURRENCY: '2' });
  });

  it('hands over to another wrapper, with the command line as it came', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wrapper-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const next = join(folder, 'next.sh');
    await writeFile(next, '#!/bin/sh\nprintf "next:%s" "$#"\nexec "$@"\n', { mode: 0o755 });
    const args = ['printf', '[%s]', 'a b', '*'];
    const { stdout } = await startedWith({ LPR_NEXT_EXEC_WRAPPER: next }, args);
    expect(stdout).toBe('next:4[a b][*]');
  });
});
