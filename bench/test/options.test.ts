import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { MEASUREMENTS, nameOf } from '../src/measurements.ts';
import { parseOptions } from '../src/options.ts';

describe('bench options', () => {
  it('takes three rounds, and one when it is to be quick', () => {
    expect(parseOptions([])).toMatchObject({ rounds: 3, quick: false, only: undefined });
    expect(parseOptions(['--quick', '--only', 'batch 16'])).toMatchObject({
      rounds: 1,
      quick: true,
      only: 'batch 16',
    });
    expect(parseOptions(['--help'])).toBe('help');
  });

  it.each(['0', '1.5', 'x'])('refuses `--rounds %s`', (rounds) => {
    expect(() => parseOptions(['--rounds', rounds])).toThrow(
      `Expected \`--rounds\` to be an integer >= 1, got \`${rounds}\``,
    );
  });

  it.each([
    ['--wat', "Unknown option '--wat'"],
    ['--rounds=0', 'Expected `--rounds` to be an integer >= 1'],
  ])(
    'that are wrong are told with the flags, and the exit code is 2: %s',
    async (flag, message) => {
      const program = fileURLToPath(new URL('../src/run.ts', import.meta.url));
      const failed = await promisify(execFile)(process.execPath, [program, flag]).catch(
        (error: { readonly code: number; readonly stderr: string }) => error,
      );
      expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
      expect(failed.stderr).toContain('--quick');
      expect(failed.stderr).not.toContain('    at ');
    },
  );

  it('names every measurement differently', () => {
    const names = MEASUREMENTS.map(nameOf);
    expect(new Set(names).size).toBe(names.length);
  });
});
