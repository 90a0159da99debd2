import { pino } from 'pino';
import { watchConfig } from '../config/watch.ts';
import { createRouter } from '../create-router.ts';
import { stopOnSignal } from '../lifecycle/stop-on-signal.ts';
import { logBatches } from '../telemetry/batch-log.ts';
import { reloader } from './reloader.ts';

export interface ServeOptions {
  /** The manifest's location. */
  readonly location: string;
  /** Reload when the manifest changes, and not only on SIGHUP. */
  readonly watch: boolean;
}

/** Serves the manifest's routes until a signal ends it. */
export async function serve({ location, watch }: ServeOptions): Promise<void> {
  const logger = pino({ level: process.env['LPR_LOG_LEVEL'] ?? 'info' });
  // Before the manifest is read, so that no change is missed in between.
  const ready = Promise.withResolvers<() => Promise<void>>();
  const onChange = () => void ready.promise.then((reload) => reload());
  const watching = watch ? await watchConfig(location, onChange) : undefined;
  const router = await createRouter({ config: location });
  const stopLogging = logBatches(logger, router.id);
  const url = await router.listen();
  ready.resolve(reloader({ router, location, logger }));
  process.on('SIGHUP', onChange);
  logger.info({ url, config: location, routes: router.config.operations.length }, 'listening');
  stopOnSignal({
    async stop(signal) {
      logger.info({ signal }, 'draining');
      watching?.close();
      await router.close();
      stopLogging();
      logger.info('stopped');
    },
    onForced: (reason) => logger.error(reason),
  });
}
