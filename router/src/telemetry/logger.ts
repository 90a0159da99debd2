import { destination, levels, pino } from 'pino';
import type { Logger } from 'pino';
import { environmentError } from './environment.ts';

export interface CreateLoggerOptions {
  /** Default: the environment's `LPR_LOG_LEVEL`, failing that `info`. */
  readonly level?: string | undefined;
  /** File descriptor or path that lines are appended to. Default: standard output. */
  readonly target?: number | string;
}

/** A logger whose lines are written in the background. */
export interface RouterLogger {
  readonly logger: Logger;
  /** Writes what is still buffered, at once. Lines are never lost at a regular exit, with or without it. */
  readonly flush: () => void;
}

/** Past it lines are dropped: a reader that has stalled must not fill the memory. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;

/**
 * JSON lines on standard output. Writing is asynchronous without a minimum: the first line is handed
 * to the system at once, those that come while it is being written go out together in the next
 * write. So a quiet router logs promptly, a busy one makes few system calls, and a slow reader of the
 * pipe never blocks a request. The one destination serves all loggers made from this one (a second
 * writer could cut into a line).
 *
 * @throws ConfigError when the level is none of pino's
 */
export function createLogger(options: CreateLoggerOptions = {}): RouterLogger {
  const level = parseLevel(options.level ?? process.env['LPR_LOG_LEVEL']);
  const dest = options.target ?? 1;
  const output = destination({ dest, sync: false, minLength: 0, maxLength: MAX_BUFFERED_BYTES });
  const flush = () => {
    try {
      output.flushSync();
    } catch {
      // Not open yet or closed already: there is nothing that could still be written.
    }
  };
  return { logger: pino({ level }, output), flush };
}

function parseLevel(value: string | undefined): string {
  if (value === undefined || value === '') return 'info';
  const level = value.toLowerCase();
  const known = [...Object.values(levels.labels), 'silent'];
  if (known.includes(level)) return level;
  throw environmentError('LPR_LOG_LEVEL', `one of ${known.join(', ')}`, `\`${value}\``);
}
