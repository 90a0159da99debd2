import { Command } from 'commander';
import { expect, test, vi } from 'vitest';
import { addFlags, readFlags } from '../../src/commands/flags.ts';

/** What the flags come to when these arguments are typed and these variables set. */
function flagsOf(args: readonly string[], variables: Record<string, string> = {}) {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const command = addFlags(new Command());
  command.parse(args, { from: 'user' });
  const flags = readFlags(command);
  vi.unstubAllEnvs();
  return { flags, command };
}

const TWINS = [
  ['config', 'a.yaml', { config: 'a.yaml' }],
  ['template', 'b.yaml', { template: 'b.yaml' }],
  ['single', '1', { single: true }],
  ['port', '4000', { port: 4000 }],
  ['lambda-port', '0', { lambdaPort: 0 }],
  ['host', '::1', { host: '::1' }],
  ['env-file', 'a.env,b.env', { envFile: ['a.env', 'b.env'] }],
  ['log-format', 'json', { logFormat: 'json' }],
  ['log-level', 'debug', { logLevel: 'debug' }],
  ['no-watch', 'true', { watch: false }],
  ['no-inspector', 'yes', { inspector: false }],
  ['inspect', '9333', { inspect: 9333 }],
] as const;

test.for(TWINS)('--%s has a variable', ([name, value, expected]) => {
  const variable = `LPR_EMULATOR_${name.toUpperCase().replaceAll('-', '_')}`;
  expect(flagsOf([], { [variable]: value }).flags).toEqual({ ...flagsOf([]).flags, ...expected });
});

test('no flag is without one', () => {
  const names = flagsOf([]).command.options.map(({ long }) => long?.slice(2));
  expect(names).toEqual(TWINS.map(([name]) => name));
});

test.for(['', '0', 'false', 'No', 'off'])('a variable that is `%s` turns nothing on', (value) => {
  const names = ['SINGLE', 'NO_WATCH', 'NO_INSPECTOR', 'INSPECT'];
  const variables = Object.fromEntries(names.map((name) => [`LPR_EMULATOR_${name}`, value]));
  expect(flagsOf([], variables).flags).toMatchObject({ watch: true, inspector: true });
  expect(flagsOf([], variables).flags.single ?? false).toBe(false);
  expect(flagsOf([], variables).flags.inspect ?? false).toBe(false);
});

test('a flag wins over its variable, and repeats', () => {
  const variables = { LPR_EMULATOR_PORT: '1', LPR_EMULATOR_ENV_FILE: 'a.env' };
  const typed = ['--port', '2', '--env-file', 'b.env', '--env-file', 'c.env'];
  expect(flagsOf(typed, variables).flags).toMatchObject({ port: 2, envFile: ['b.env', 'c.env'] });
});
