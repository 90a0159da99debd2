import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { EXIT_USAGE, prepareCommand, startFailure } from './cli-exit.ts';
import { check } from './commands/check.ts';
import { serve } from './commands/serve.ts';

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string };

const CONFIG_FLAG = '--config <location>';
const CONFIG_HELP =
  'the manifest, YAML or JSON: a path, file:// or s3://bucket/key (default: LPR_CONFIG_URI)';

interface Flags {
  readonly config?: string;
  readonly watch?: boolean;
}

/** The program `lpr-router`. */
export async function main(args: readonly string[]): Promise<void> {
  const program = prepareCommand(new Command('lpr-router'))
    .description('HTTP router that invokes AWS Lambda once per batch of concurrent requests.')
    .version(version)
    // Otherwise `lpr-router check --config x` would give the flag to the program instead of the command.
    .enablePositionalOptions()
    .option(CONFIG_FLAG, CONFIG_HELP)
    .option('--watch', 'reload when the manifest changes; SIGHUP reloads it in any case')
    .action(({ watch = false, ...flags }: Flags, command: Command) =>
      serve({ location: locationOf(flags, command), watch }),
    );
  prepareCommand(program.command('check'))
    .showHelpAfterError('Try `lpr-router check --help`.')
    .description('check the manifest and print its routes: exit code 0, or 2 with its problems')
    .option(CONFIG_FLAG, CONFIG_HELP)
    .action((flags: Flags, command: Command) =>
      check(locationOf({ ...program.opts(), ...flags }, command), {
        out: (line) => process.stdout.write(`${line}\n`),
        err: (line) => process.stderr.write(`${line}\n`),
      }),
    );
  for (const stream of [process.stdout, process.stderr]) stream.on('error', onWriteError);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    const { message, exitCode } = startFailure(error);
    if (message !== '') process.stderr.write(`${message}\n`);
    process.exitCode = exitCode;
  }
}

/** Whoever reads no more, as in `lpr-router check | head`, needs no more. */
function onWriteError(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
}

function locationOf({ config = process.env['LPR_CONFIG_URI'] }: Flags, command: Command): string {
  if (config) return config;
  return command.error(
    'Expected `--config FILE` or the environment variable LPR_CONFIG_URI, got neither',
    { exitCode: EXIT_USAGE },
  );
}
