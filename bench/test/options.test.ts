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

  it('names every measurement differently', () => {
    const names = MEASUREMENTS.map(nameOf);
    expect(new Set(names).size).toBe(names.length);
  });
});
