import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { EXIT_USAGE, prepareCommand, startFailure } from 'lpr-router';
import { start } from './commands/start.ts';

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string };

interface Flags {
  readonly config?: string;
  readonly host?: string;
  readonly port?: number;
  readonly lambdaPort?: number;
}

/** The program `lpr-emulator`. */
export async function main(args: readonly string[]): Promise<void> {
  const command = prepareCommand(new Command('lpr-emulator'))
    .description('Runs Lambda handlers behind the real lambda-parallel-router, on this machine.')
    .version(version)
    .argument('[handler]', 'a handler to run without a manifest: `app.ts` or `dir/app.export`')
    .option('--config <file>', 'the manifest, YAML or JSON')
    .option('--host <address>', 'where to listen (default: ListenAddr, or 127.0.0.1)')
    .option('--port <number>', 'port of the routes (default: ListenAddr, or 3000)', parsePort)
    .option('--lambda-port <number>', 'port of the Lambda API (default: 3001)', parsePort)
    .action((handler: string | undefined, flags: Flags) => run(handler, flags));
  try {
    await command.parseAsync(args, { from: 'user' });
  } catch (error) {
    const { message, exitCode } = startFailure(error);
    if (message !== '') process.stderr.write(`${message}\n`);
    process.exitCode = exitCode;
  }
}

async function run(handler: string | undefined, flags: Flags): Promise<void> {
  const { config, ...addresses } = flags;
  if (handler !== undefined && config === undefined) return start({ handler, ...addresses });
  if (handler === undefined && config !== undefined) return start({ config, ...addresses });
  const got = handler === undefined ? 'neither' : 'both';
  process.stderr.write(`Expected either \`--config FILE\` or a handler, got ${got}\n`);
  process.exitCode = EXIT_USAGE;
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('Expected a port from 0 to 65535.');
}
