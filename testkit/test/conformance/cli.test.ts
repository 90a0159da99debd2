import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli.ts';
import { startConformanceEmulator } from './conformance-functions.ts';
import type { ConformanceEmulator } from './conformance-functions.ts';

let emulator: ConformanceEmulator;
beforeAll(async () => {
  emulator = await startConformanceEmulator();
});
afterAll(() => emulator.close());
afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

/** Runs the program as the shell would. */
async function run(...args: string[]) {
  const written: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  }
  await main(args);
  return { output: written.join(''), exitCode: process.exitCode };
}

describe('lpr-testkit conformance', () => {
  it('prints a table, and exits 0 when every case passes', async () => {
    const { output, exitCode } = await run(
      'conformance',
      '--url',
      emulator.endpoint,
      '--function',
      'buffered',
    );
    expect(output).toContain('ok    every item gets its own answer\n');
    expect(output).toMatch(/(\d+) of \1 passed: buffered \(buffered\) at http:/);
    expect(exitCode).toBe(0);
  });

  it('takes a streaming function, by its ARN', async () => {
    const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:streamed';
    const { output, exitCode } = await run(
      'conformance',
      '--url',
      emulator.endpoint,
      '--function',
      arn,
      '--mode',
      'stream',
    );
    expect(output).toMatch(/(\d+) of \1 passed/);
    expect(exitCode).toBe(0);
  });

  it('exits 1 when a case fails, and says why', async () => {
    const { output, exitCode } = await run(
      'conformance',
      '--url',
      emulator.endpoint,
      '--function',
      'nobody',
    );
    expect(output).toContain('FAIL  every item gets its own answer\n');
    expect(output).toMatch(/0 of \d+ passed/);
    expect(exitCode).toBe(1);
  });

  it('exits 2 when it is used wrongly', async () => {
    expect(await run('conformance')).toEqual({
      output: 'lpr-testkit: Expected `--url` to be a URL of http or https, got ``\n',
      exitCode: 2,
    });
    const scheme = await run('conformance', '--url', 'localhost:3001');
    expect(scheme.output).toContain('of http or https, got `localhost:3001`');
    const mode = await run('conformance', '--url', 'http://x', '--mode', 'both');
    expect(mode.output).toContain('Expected `--mode` to be buffered or stream, got `both`');
    const unknown = await run('check');
    expect(unknown).toMatchObject({ output: expect.stringContaining('got `check`'), exitCode: 2 });
    expect(await run('--help')).toMatchObject({
      output: expect.stringContaining('Usage: lpr-testkit'),
      exitCode: 0,
    });
    const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
    expect(await run('--version')).toEqual({ output: `${version}\n`, exitCode: 0 });
  });
});
