import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { NotReadyError } from './programs.ts';

/** Words that a script does not take. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** What is printed for `--help`, and which words there are besides that. */
export interface Script<Known extends Options> {
  readonly usage: string;
  readonly options: Known;
  /** Takes words that are no options, too. */
  readonly allowPositionals?: boolean;
}

type Words<Known extends Options> = ReturnType<
  typeof parseArgs<{ options: Known; allowPositionals: true }>
>;

/**
 * Reads a script's words and does its work. Why it could not be done is printed, and the exit code is 1, or 2
 * when it is the words; other errors are bugs, and shown whole.
 */
export async function runScript<const Known extends Options>(
  { usage, options, allowPositionals = false }: Script<Known>,
  work: (words: Words<Known>) => Promise<void>,
): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(usage);
    return;
  }
  try {
    await work(readWords({ options, allowPositionals: allowPositionals as true }));
  } catch (error) {
    if (!(error instanceof NotReadyError || error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    if (error instanceof UsageError) process.stderr.write(`\n${usage}`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

/** The one of `known` that an option names. */
export function oneOf<Name extends string>(
  option: string,
  known: readonly Name[],
  name: string,
): Name {
  const found = known.find((candidate) => candidate === name);
  if (found !== undefined) return found;
  throw new UsageError(`Expected \`${option}\` to be one of ${known.join(', ')}, got \`${name}\``);
}

function readWords<const Config extends ParseArgsConfig>(config: Config) {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}
