import type { Command, CommanderError } from 'commander';
import { ConfigError } from './config/problem.ts';

/** Exit code of a configuration or command line that is wrong. */
export const EXIT_USAGE = 2;
/** Exit code of any other failure to start. */
export const EXIT_FAILURE = 1;

/** What a program prints and exits with when it could not start. */
export interface StartFailure {
  /** Lines for standard error, without a stack; empty when they were printed already. */
  readonly message: string;
  readonly exitCode: number;
}

/**
 * Tells a wrong configuration or flag (2) from any other failure (1), and the help or version that
 * was asked for (0).
 */
export function startFailure(error: unknown): StartFailure {
  if (isCommanderError(error)) {
    return { message: '', exitCode: error.exitCode === 0 ? 0 : EXIT_USAGE };
  }
  if (error instanceof ConfigError) return { message: error.message, exitCode: EXIT_USAGE };
  const message = error instanceof Error ? error.message : String(error);
  return { message, exitCode: EXIT_FAILURE };
}

/** Common to the project's programs: errors are thrown, mistakes get a suggestion and point to `--help`. */
export function prepareCommand(command: Command): Command {
  return command
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError(`Try \`${command.name()} --help\`.`)
    .allowExcessArguments(false);
}

/** By its name: programs of other packages may bring a copy of the class of their own. */
function isCommanderError(error: unknown): error is CommanderError {
  return error instanceof Error && error.name === 'CommanderError';
}
