import { registerExtension } from './extension.ts';
import { createLog } from './log.ts';
import { startProxy } from './proxy-server.ts';
import { readSettings } from './settings.ts';

/** The file's name in `/opt/extensions`, which is what the Extensions API wants to hear. */
const EXTENSION_NAME = 'lpr-runtime-api-proxy';

const log = createLog(
  process.env['AWS_LAMBDA_LOG_FORMAT']?.toUpperCase() === 'JSON' ? 'json' : 'text',
  (line) => process.stdout.write(line),
);

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const starting = startProxy(settings, log);
  // Met below, when the failure can be reported.
  starting.catch(() => undefined);
  const extension = await registerExtension(settings.upstream, EXTENSION_NAME, log);
  try {
    const proxy = await starting;
    const terminated = new Promise<void>((resolve) => process.once('SIGTERM', resolve));
    await Promise.race([extension.untilShutdown(), terminated]);
    await proxy.close('The execution environment shuts down');
  } catch (error) {
    await extension.fail(error);
    throw error;
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    log('ERROR', error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
