import { watchConfig } from '../config/watch.ts';
import { createRouter } from '../create-router.ts';
import { stopOnSignal } from '../lifecycle/stop-on-signal.ts';
import { logRequests } from '../telemetry/access-log.ts';
import { logBatches } from '../telemetry/batch-log.ts';
import { createLogger } from '../telemetry/logger.ts';
import { startTracing } from '../telemetry/start-tracing.ts';
import { reloader } from './reloader.ts';

export interface ServeOptions {
  /** The manifest's location. */
  readonly location: string;
  /** Reload when the manifest changes, and not only on SIGHUP. */
  readonly watch: boolean;
}

/** Serves the manifest's routes until a signal ends it. */
export async function serve({ location, watch }: ServeOptions): Promise<void> {
  const { logger, flush } = createLogger();
  // Before the manifest is read, so that no change is missed in between.
  const ready = Promise.withResolvers<() => Promise<void>>();
  const onChange = () => void ready.promise.then((reload) => reload());
  const watching = watch ? await watchConfig(location, onChange) : undefined;
  const router = await createRouter({
    config: location,
    startTracing: (routerId) => startTracing({ routerId, logger }),
  });
  const stops = [logBatches(logger, router.id), logRequests(logger, router.id)];
  const url = await router.listen().catch(async (error: unknown) => {
    // Half a start must not live on: at `AdminAddr` it would say that it is ready.
    watching?.close();
    await router.close();
    throw error;
  });
  ready.resolve(reloader({ router, location, logger }));
  process.on('SIGHUP', onChange);
  stopOnSignal({
    async stop(signal) {
      logger.info({ signal }, 'draining');
      watching?.close();
      // A terminal wants it to end; a load balancer goes on sending for a while.
      await router.close({ drainDelayMs: signal === 'SIGINT' ? 0 : router.config.drainDelayMs });
      for (const stop of stops) stop();
      logger.info('stopped');
      flush();
    },
    onForced(reason) {
      logger.error(reason);
      flush();
    },
  });
  // Whoever reads this may signal at once.
  logger.info({ url, config: location, routes: router.config.operations.length }, 'listening');
}
