import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { pino } from 'pino';
import { EXIT_USAGE, prepareCommand, startFailure } from './cli-exit.ts';
import { createRouter } from './create-router.ts';
import { stopOnSignal } from './lifecycle/stop-on-signal.ts';
import { logBatches } from './telemetry/batch-log.ts';

const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { version: string };

interface Flags {
  readonly config?: string;
}

/** The program `lpr-router`. */
export async function main(args: readonly string[]): Promise<void> {
  const command = prepareCommand(new Command('lpr-router'))
    .description('HTTP router that invokes AWS Lambda once per batch of concurrent requests.')
    .version(version)
    .option('--config <file>', 'the manifest, YAML or JSON (default: LPR_CONFIG_URI)')
    .action((flags: Flags) => serve(flags));
  try {
    await command.parseAsync(args, { from: 'user' });
  } catch (error) {
    const { message, exitCode } = startFailure(error);
    if (message !== '') process.stderr.write(`${message}\n`);
    process.exitCode = exitCode;
  }
}

async function serve(flags: Flags): Promise<void> {
  const config = flags.config ?? process.env['LPR_CONFIG_URI'];
  if (!config) {
    process.stderr.write(
      'Expected `--config FILE` or the environment variable LPR_CONFIG_URI, got neither\n',
    );
    process.exitCode = EXIT_USAGE;
    return;
  }
  const logger = pino({ level: process.env['LPR_LOG_LEVEL'] ?? 'info' });
  const router = await createRouter({ config });
  const stopLogging = logBatches(logger, router.id);
  const url = await router.listen();
  logger.info({ url, config, routes: router.config.operations.length }, 'listening');
  stopOnSignal({
    async stop(signal) {
      logger.info({ signal }, 'draining');
      await router.close();
      stopLogging();
      logger.info('stopped');
    },
    onForced: (reason) => logger.error(reason),
  });
}
