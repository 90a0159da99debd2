import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addFlags } from '../src/loadtest/flags.ts';
import type { Flags } from '../src/loadtest/flags.ts';
import { checkFlags, chooseRoutes, planStages } from '../src/loadtest/plan.ts';
import { route } from './loadtest-results.ts';

function parse(...args: readonly string[]): Flags {
  const command = addFlags(new Command('loadtest'))
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  return command.parse(args, { from: 'user' }).opts<Flags>();
}

describe('flags', () => {
  it('collect what may be repeated', () => {
    const flags = parse(
      '--stage',
      '50x10',
      '--stage',
      '0.5x2.5',
      '--header',
      'X-Tenant: a:b',
      '--header',
      'b:',
      '--param',
      'id=a=b',
      '--route',
      'one',
      '--route',
      'two',
    );
    expect(flags).toMatchObject({
      stage: [
        { rate: 50, seconds: 10 },
        { rate: 0.5, seconds: 2.5 },
      ],
      header: { 'x-tenant': 'a:b', b: '' },
      param: { id: 'a=b' },
      route: ['one', 'two'],
    });
  });

  it.each([
    ['--stage', '50', 'Expected requests a second x seconds, such as `100x30`.'],
    ['--stage', '0x10', 'Expected requests a second x seconds, such as `100x30`.'],
    ['--url', 'ftp://a', 'Expected a URL with http:// or https://.'],
    ['--seed', '-1', 'Expected an integer >= 0.'],
    ['--max-in-flight', '0', 'Expected an integer >= 1.'],
    ['--warm-up', 'long', 'Expected a number >= 0.'],
    ['--header', 'x', 'Expected `name: value`.'],
    ['--param', 'x', 'Expected `name=value`.'],
    ['--arrivals', 'odd', 'Allowed choices are poisson, even.'],
  ])('refuse `%s %s`', (name, value, message) => {
    expect(() => parse(name, value)).toThrow(message);
  });

  it.each([
    [['--url', 'http://a', '--stack', 'b'], 'Expected `--url` or `--stack`, got both'],
    [['--url', 'http://a'], 'Expected `--path` or `--config` with `--url`'],
    [['--path', '/a'], 'Expected `--path` together with `--url`'],
    [
      ['--direct', 'http://a'],
      "Expected `--direct` to be the name of one of the emulator's functions",
    ],
    [['--stack', 'a', '--direct', 'fn'], 'Expected `--direct` to be a URL, got `fn`'],
    [['--url', 'http://a', '--path', '/', '--template', 't'], 'Expected `--template` without'],
    [['--from-csv', 'a', '--stack', 'b'], 'Expected `--from-csv` without a target'],
  ])('refuse %j together', (args, message) => {
    expect(() => checkFlags(parse(...args))).toThrow(message);
  });
});

describe('plan', () => {
  it('refuses a rate, and a time, beyond the bounds', () => {
    const fast = parse('--stage', '1001x1');
    expect(() => planStages(fast, 1)).toThrow('Expected rates up to `--max-rate` 1000, got 1001');
    const long = parse('--stage', '1x297', '--max-minutes', '10');
    expect(planStages(long, 2)).toHaveLength(1);
    expect(() => planStages(long, 3)).toThrow(
      'Expected a run of up to `--max-minutes` 10, got 15.0 minutes for 3 routes',
    );
  });

  it('takes all routes, or those that are named', () => {
    const routes = [route('one'), route('two')];
    expect(chooseRoutes(routes, [])).toEqual(routes);
    expect(chooseRoutes(routes, ['two'])).toEqual([routes[1]]);
    expect(() => chooseRoutes(routes, ['three'])).toThrow(
      'Expected `--route` to be one of `one`, `two`, got `three`',
    );
    expect(() => chooseRoutes([...routes, route('one')], [])).toThrow(
      'Expected every route to have a name of its own, got `one` twice',
    );
  });
});

describe('docs/loadtest.md', () => {
  it('names only flags that there are', async () => {
    const page = await readFile(new URL('../../docs/loadtest.md', import.meta.url), 'utf8');
    const known = addFlags(new Command('loadtest')).options.map(({ long }) => long);
    const named = page.match(/(?<![\w-])--[a-z][a-z-]*/g)!;
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((flag) => ![...known, '--help'].includes(flag))).toEqual([]);
  });
});
