import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { SPACINGS } from './arrivals.ts';
import type { Spacing, Stage } from './arrivals.ts';
import type { Architecture } from '../costs/prices.ts';

/** The flags of a run, defaults applied. */
export interface Flags {
  readonly url?: URL;
  readonly stack?: string;
  readonly region?: string;
  readonly config?: string;
  readonly template?: string;
  readonly path: readonly string[];
  readonly direct?: URL | string;
  readonly route: readonly string[];
  readonly stage?: readonly Stage[];
  readonly warmUp: number;
  readonly arrivals: Spacing;
  readonly seed: number;
  readonly header: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly param: Readonly<Record<string, string>>;
  readonly distinct: number;
  readonly timeout: number;
  readonly maxInFlight: number;
  readonly maxRate: number;
  readonly maxMinutes: number;
  readonly prices?: string;
  readonly arch: Architecture;
  readonly tasks: number;
  readonly vcpus: number;
  readonly memoryGb: number;
  readonly memoryMb: number;
  readonly billedMs?: number;
  readonly metricsWait: number;
  readonly out?: string;
  readonly fromCsv?: string;
}

/** Adds the flags of a run to a command. */
export function addFlags(command: Command): Command {
  const options = [
    flag('--url <url>', 'a router that runs somewhere', url),
    flag('--stack <name>', 'a deployed CloudFormation stack'),
    flag('--region <name>', "of the stack (default: the AWS SDK's)"),
    flag('--config <file>', 'manifest with the routes (default: that of bench/src/demo)'),
    flag('--template <file>', 'SAM template with functions for the emulator'),
    flag('--path <path>', 'with --url: `/a/{id}`, `POST /b`; repeatable', list, []),
    flag('--direct <url>', 'the baseline: a function URL; in the emulator, a function', urlOrName),
    flag('--route <name>', 'only this route; repeatable', list, []),
    flag('--stage <rate>x<seconds>', 'requests a second, for how long; repeatable', stages),
    flag('--warm-up <seconds>', 'before each route, not recorded', number(0), 3),
    new Option('--arrivals <spacing>', 'of requests').choices(SPACINGS).default('poisson'),
    flag('--seed <number>', 'the same seed, the same arrivals', integer(0), 1),
    flag('--header <name:value>', 'of every request; repeatable', header, {}),
    flag('--body <text>', 'of requests that may have one'),
    flag('--param <name=value>', 'of a path parameter; repeatable', parameter, {}),
    flag('--distinct <number>', 'values of other path parameters', integer(1), 1000),
    flag('--timeout <seconds>', 'longest silence of an answer', number(0.001), 30),
    flag('--max-in-flight <number>', 'arrivals beyond it are not sent', integer(1), 2000),
    flag('--max-rate <number>', 'refuse stages with a higher rate', number(0.001), 1000),
    flag('--max-minutes <number>', 'refuse runs that take longer', number(0.001), 15),
    flag('--prices <file>', 'of another region than us-east-1'),
    new Option('--arch <name>', 'of functions and router')
      .choices(['x86_64', 'arm64'])
      .default('x86_64'),
    flag('--tasks <number>', 'of the router', integer(1), 2),
    flag('--vcpus <number>', 'of each of them', number(0.001), 1),
    flag('--memory-gb <number>', 'of each of them', number(0.001), 2),
    flag('--memory-mb <number>', 'of functions whose size is not known', integer(128), 128),
    flag('--billed-ms <number>', 'of an invocation, where nobody counts it', number(0)),
    flag(
      '--metrics-wait <seconds>',
      'with --stack: for CloudWatch; 0 asks it nothing',
      number(0),
      180,
    ),
    flag('--out <folder>', 'for the reports (default: loadtest-results/TIME)'),
    flag('--from-csv <file>', 'run nothing: charts and report of a summary.csv'),
  ];
  for (const option of options) command.addOption(option);
  return command;
}

function flag(
  flags: string,
  description: string,
  parse?: (text: string, previous: never) => unknown,
  preset?: unknown,
): Option {
  const option = new Option(flags, description);
  if (parse !== undefined) option.argParser(parse as (text: string, previous: unknown) => unknown);
  if (preset === undefined) return option;
  // Empty lists are no news to readers of the help.
  return option.default(preset, typeof preset === 'object' ? 'none' : undefined);
}

function number(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value >= least) return value;
    throw new InvalidArgumentError(`Expected a number >= ${least}.`);
  };
}

function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`Expected an integer >= ${least}.`);
  };
}

function url(text: string): URL {
  const parsed = URL.parse(text);
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return parsed;
  throw new InvalidArgumentError('Expected a URL with http:// or https://.');
}

/** What is no URL is looked at again where it is known what it has to be. */
function urlOrName(text: string): URL | string {
  return URL.parse(text) ?? text;
}

function list(text: string, previous: readonly string[]): readonly string[] {
  return [...previous, text];
}

function stages(text: string, previous: readonly Stage[] = []): readonly Stage[] {
  const [, rate, seconds] = /^(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const stage = { rate: Number(rate), seconds: Number(seconds) };
  if (stage.rate > 0 && stage.seconds > 0) return [...previous, stage];
  throw new InvalidArgumentError('Expected requests a second x seconds, such as `100x30`.');
}

function header(text: string, previous: Readonly<Record<string, string>>) {
  const [, name, value] = /^([^\s:]+):\s*(.*)$/.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('Expected `name: value`.');
  return { ...previous, [name.toLowerCase()]: value! };
}

function parameter(text: string, previous: Readonly<Record<string, string>>) {
  const [, name, value] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('Expected `name=value`.');
  return { ...previous, [name]: value! };
}
