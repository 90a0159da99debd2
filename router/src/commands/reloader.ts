import type { Logger } from 'pino';
import { loadConfig } from '../config/load.ts';
import { ConfigError, formatProblem } from '../config/problem.ts';
import { restartSettings } from '../config/restart-settings.ts';
import type { Router } from '../router.ts';

export interface ReloaderOptions {
  readonly router: Pick<Router, 'config' | 'reload'>;
  /** The manifest's. */
  readonly location: string;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/**
 * Makes the function that reads the manifest again and puts it in force. A bad one is refused with its
 * errors in the log, and the old one goes on serving. Reloads never overlap: what is asked for during
 * one is done by one more after it. Never rejects.
 */
export function reloader({ router, location, logger }: ReloaderOptions): () => Promise<void> {
  const reload = async (): Promise<void> => {
    try {
      const before = router.config;
      const config = await loadConfig(location);
      router.reload(config);
      logger.info({ config: location, routes: config.operations.length }, 'configuration reloaded');
      const settings = restartSettings(before, config);
      if (settings.length > 0) {
        logger.warn({ settings }, 'these settings change with a restart only');
      }
    } catch (error) {
      const problems = error instanceof ConfigError ? error.problems.map(formatProblem) : undefined;
      const reason = problems === undefined ? { err: error } : { problems };
      logger.error({ config: location, ...reason }, 'configuration refused; the old one stays');
    }
  };
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const run = (): Promise<void> => {
    next = undefined;
    running = reload().finally(() => {
      if (next === undefined) running = undefined;
    });
    return running;
  };
  return () => (running === undefined ? run() : (next ??= running.then(run)));
}
