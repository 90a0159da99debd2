import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { LOG_FORMATS, LOG_LEVELS } from '../console/console.ts';
import type { LogFormat, LogLevel } from '../console/console.ts';

/** The flags of both forms of the program. */
export interface Flags {
  readonly config?: string;
  readonly template?: string;
  readonly host?: string;
  readonly port?: number;
  readonly lambdaPort?: number;
  readonly envFile?: readonly string[];
  readonly logFormat: LogFormat;
  readonly logLevel: LogLevel;
  readonly single?: boolean;
  readonly watch: boolean;
  readonly inspector: boolean;
  readonly inspect?: boolean | number;
}

/** Adds the flags to a command; each has a variable `LPR_EMULATOR_…` that yields to it. */
export function addFlags(command: Command): Command {
  const options = [
    new Option('--config <file>', 'the manifest (default: lpr.yaml, router.yaml here)'),
    new Option('--template <file>', 'a SAM template (default: template.yaml here)'),
    new Option('--single', 'a handler without a manifest gets no batches'),
    new Option('--port <number>', 'of the routes (default: ListenAddr, or 3000)').argParser(
      parsePort,
    ),
    new Option('--lambda-port <number>', 'of the Lambda API (default: 3001)').argParser(parsePort),
    new Option('--host <address>', 'both listen there (default: ListenAddr, 127.0.0.1)'),
    new Option('--env-file <file>', 'variables of all functions; repeatable').argParser(collect),
    new Option('--log-format <format>').choices(LOG_FORMATS).default('pretty'),
    new Option('--log-level <level>').choices(LOG_LEVELS).default('info'),
    new Option('--no-watch', 'do not reload on save'),
    new Option('--no-inspector', 'no page of batches at /__lpr'),
    new Option('--inspect [port]', 'let a debugger attach').argParser(parseInspect),
  ];
  for (const option of options) command.addOption(option.env(variableOf(option)));
  return command.configureHelp({
    // The variables are told once, below: with them the help would not fit a screen.
    optionDescription: ({ description, argChoices, defaultValue }) =>
      [
        description,
        argChoices?.join(' or '),
        argChoices && defaultValue !== undefined ? `(default: ${String(defaultValue)})` : undefined,
      ]
        .filter(Boolean)
        .join(' '),
  });
}

/**
 * The flags as they count, those before `exec` too: a variable such as `LPR_EMULATOR_INSPECT=0` turns
 * nothing on.
 */
export function readFlags(command: Command): Flags {
  const flags = { ...command.opts<Flags>(), ...flagsBefore(command) };
  if (command.getOptionValueSource('watch') === 'env') {
    flags.watch = !isOn(process.env['LPR_EMULATOR_NO_WATCH']);
  }
  if (command.getOptionValueSource('inspector') === 'env') {
    flags.inspector = !isOn(process.env['LPR_EMULATOR_NO_INSPECTOR']);
  }
  if (command.getOptionValueSource('inspect') === 'env') {
    const value = process.env['LPR_EMULATOR_INSPECT'];
    if (!isOn(value)) delete flags.inspect;
  }
  if (command.getOptionValueSource('single') === 'env') {
    flags.single = isOn(process.env['LPR_EMULATOR_SINGLE']);
  }
  return flags;
}

function flagsBefore(command: Command): Partial<Flags> {
  const { parent } = command;
  if (parent === null) return {};
  const isTyped = (of: Command, name: string) => of.getOptionValueSource(name) === 'cli';
  return Object.fromEntries(
    Object.entries(parent.opts()).filter(
      ([name]) => isTyped(parent, name) && !isTyped(command, name),
    ),
  );
}

function variableOf({ long }: Option): string {
  return `LPR_EMULATOR_${(long ?? '').slice(2).toUpperCase().replaceAll('-', '_')}`;
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false', 'no', 'off'].includes(value.toLowerCase());
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('Expected a port from 0 to 65535.');
}

// A variable may say it with a word, too; the port 1 is nobody's wish.
function parseInspect(text: string): number | boolean {
  if (/^(?:1|true|yes|on)$/i.test(text)) return true;
  return text === '0' || isOn(text) ? parsePort(text) : false;
}

function collect(value: string, previous: readonly string[] | undefined): string[] {
  return [...(previous ?? []), ...value.split(',')];
}
