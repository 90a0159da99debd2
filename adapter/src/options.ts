import { describeValue } from 'lpr-protocol';
import { AdapterError, AdapterErrorCode } from './errors.ts';
import type { AnyHandler } from './item.ts';

/** How many items of one batch run at once unless `concurrency` says otherwise. */
export const DEFAULT_CONCURRENCY = 16;

/** Options of `withBatchAdapter` and `withBatchAdapterStream`. A wrong one throws when wrapping. */
export interface BatchAdapterOptions {
  /** How many items of one batch run at once: an integer >= 1, or `Infinity`. Default 16. */
  readonly concurrency?: number | undefined;
}

/** Options with every default applied. */
export interface Settings {
  readonly concurrency: number;
}

/**
 * Checks the options of a wrapper and applies their defaults.
 * @throws AdapterError `LPR_WRONG_OPTION`, for an unknown name too.
 */
export function parseOptions(options: unknown = {}): Settings {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw wrong('options', 'an object', describeValue(options));
  }
  for (const name of Object.keys(options)) {
    if (name !== 'concurrency') {
      throw wrong('options', 'an object with only `concurrency`', `\`${name}\``);
    }
  }
  const { concurrency = DEFAULT_CONCURRENCY } = options as { concurrency?: unknown };
  if (!isConcurrency(concurrency)) {
    throw wrong('concurrency', 'an integer >= 1 or Infinity', describeValue(concurrency));
  }
  return { concurrency };
}

/**
 * Checks what is to be wrapped: a function of at most two parameters, as the runtime wants of handlers.
 * @throws AdapterError `LPR_WRONG_OPTION`.
 */
export function parseHandler(handler: unknown): AnyHandler {
  if (typeof handler !== 'function') {
    throw wrong('handler', 'a function', describeValue(handler));
  }
  if (handler.length > 2) {
    const wanted = 'a function of `(event, context)` that returns its answer';
    throw wrong('handler', wanted, `${handler.length} parameters`);
  }
  return handler as AnyHandler;
}

function isConcurrency(value: unknown): value is number {
  return value === Infinity || (Number.isInteger(value) && (value as number) >= 1);
}

function wrong(path: string, wanted: string, got: string): AdapterError {
  return new AdapterError(AdapterErrorCode.WrongOption, path, wanted, got);
}
