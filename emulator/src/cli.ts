import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { EXIT_USAGE, prepareCommand, startFailure } from 'lpr-router';
import { exec } from './commands/exec.ts';
import { addFlags, readFlags } from './commands/flags.ts';
import { start } from './commands/start.ts';
import { UsageError } from './commands/usage-error.ts';

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string };

const USAGE = '[handler] [options]\n       lpr-emulator exec [handler] [options] -- <command...>';
const DESCRIPTION =
  'Runs Lambda handlers behind the real lambda-parallel-router, on this machine.\n' +
  'A handler (`app.ts`, `dir/app.export`) needs no manifest. `exec` starts, runs a\n' +
  'command that finds it by LPR_EMULATOR_URL, stops, and exits with its code.';

/** The program `lpr-emulator`. */
export async function main(args: readonly string[]): Promise<void> {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const own = args.slice(0, end);
  const command = args.slice(end + 1);

  const program = addFlags(prepareCommand(new Command('lpr-emulator')))
    .usage(USAGE)
    .description(DESCRIPTION)
    .version(version)
    .argument('[handler]')
    // Otherwise the flags after `exec` would be the program's.
    .enablePositionalOptions()
    .addHelpText('after', '\nFlags have variables: LPR_EMULATOR_ENV_FILE is --env-file.')
    .action((handler: string | undefined) => {
      if (end < args.length) {
        const got = command.join(' ');
        throw new UsageError(
          `Expected \`exec\` before \`-- ${got}\`, as in \`lpr-emulator exec -- ${got}\``,
        );
      }
      return start(handler, readFlags(program));
    });
  const execCommand = addFlags(prepareCommand(program.command('exec', { hidden: true })))
    .usage('[handler] [options] -- <command...>')
    .description('start, run a command that uses it, stop')
    .showHelpAfterError('Try `lpr-emulator exec --help`.')
    .argument('[handler]')
    .action((handler: string | undefined) => exec(handler, readFlags(execCommand), command));
  try {
    await program.parseAsync(own, { from: 'user' });
  } catch (error) {
    const { message, exitCode } = startFailure(error);
    if (message !== '') process.stderr.write(`${message}\n`);
    process.exitCode = error instanceof UsageError ? EXIT_USAGE : exitCode;
  }
}
