import type { Streamify } from './aws-lambda.ts';
import { wrongValue } from './errors.ts';
import type { AdapterError } from './errors.ts';
import type { AnyHandler, ItemAnswer, ItemContext } from './item.ts';
import type { ItemEvent } from './lambda-types.ts';
import { internalError, isObject } from './read-answer.ts';

/** How many items of one batch run at once unless `concurrency` says otherwise. */
export const DEFAULT_CONCURRENCY = 16;
/** Time to send the answers before Lambda ends the function. */
const DEFAULT_TIMEOUT_MARGIN_MS = 50;

/** Which item an error belongs to. */
export interface ErrorOrigin {
  /** `undefined` for an error of the whole batch, and for an item without an id. */
  readonly requestId: string | undefined;
  /** The item as it came; the whole event for an error of the whole batch. */
  readonly event: unknown;
}

/** Options of every wrapper. A wrong one throws when wrapping. */
export interface ErrorOptions {
  /**
   * Told of every error, once, instead of the log line that is written without it; what it returns is awaited.
   * When it fails itself, both errors are logged.
   */
  readonly onError?: ((error: unknown, origin: ErrorOrigin) => unknown) | undefined;
  /** The answer to an item that failed. Default 500 `{"message":"Internal Server Error"}`. */
  readonly errorResponse?:
    | ((error: unknown, origin: ErrorOrigin) => ItemAnswer | Promise<ItemAnswer>)
    | undefined;
  /** How long before Lambda's timeout unanswered items get 504, in milliseconds, >= 0. Default 50. */
  readonly timeoutMarginMs?: number | undefined;
  /** Whether an event that is no batch is handed to the handler. Default `true`; `false` refuses it. */
  readonly passthrough?: boolean | undefined;
}

/** What `around` is given: one item, and what its handler will be called with. */
export interface ItemCall {
  readonly requestId: string;
  readonly event: ItemEvent;
  readonly context: ItemContext;
}

/** Options of `withBatchAdapter`. A wrong one throws when wrapping. */
export interface BatchAdapterOptions extends ErrorOptions {
  /** How many items of one batch run at once: an integer >= 1, or `Infinity`. Default 16. */
  readonly concurrency?: number | undefined;
  /**
   * Called around each item: `next()` runs the handler and resolves to its answer; what `around` returns is sent.
   * A streamed body is read after it has returned, but in the async context that `next` was called in.
   */
  readonly around?: ((call: ItemCall, next: () => Promise<ItemAnswer>) => unknown) | undefined;
}

/** Options that only streaming wrappers have. */
export interface StreamOptions {
  /** Instead of `awslambda.streamifyResponse`; given the handler, returns what Lambda is to call. */
  readonly streamifyResponse?: Streamify | undefined;
}

/** Options of `withBatchAdapterStream`. A wrong one throws when wrapping. */
export interface BatchStreamOptions extends BatchAdapterOptions, StreamOptions {
  /**
   * `'auto'` (default): an item whose body is streamed becomes frames, any other one record. `true`: every item
   * becomes frames. `false`: every item becomes one record, and streamed bodies are collected.
   */
  readonly interleaved?: boolean | 'auto' | undefined;
}

/** Options with every default applied. */
export interface Settings {
  readonly concurrency: number;
  readonly around?: BatchAdapterOptions['around'];
  readonly onError?: ErrorOptions['onError'];
  readonly errorResponse: (error: unknown, origin: ErrorOrigin) => unknown;
  readonly timeoutMarginMs: number;
  readonly passthrough: boolean;
  readonly interleaved: boolean | 'auto';
  readonly streamifyResponse?: Streamify | undefined;
}

/** What each option has to be. */
export type Rules = Readonly<
  Record<string, readonly [wanted: string, isRight: (value: unknown) => boolean]>
>;

const FUNCTION: Rules[string] = ['a function', (value) => typeof value === 'function'];

/** Options that every wrapper has. */
export const ERROR_RULES: Rules = {
  onError: FUNCTION,
  errorResponse: FUNCTION,
  timeoutMarginMs: ['a number >= 0', (value) => Number.isFinite(value) && (value as number) >= 0],
  passthrough: ['a boolean', (value) => typeof value === 'boolean'],
};

/** Options of `withBatchAdapter`. */
export const ITEM_RULES: Rules = {
  ...ERROR_RULES,
  around: FUNCTION,
  concurrency: [
    'an integer >= 1 or Infinity',
    (value) => (value as number) >= 1 && Math.floor(value as number) === value,
  ],
};

/** Options of every streaming wrapper besides. */
export const STREAM_RULES: Rules = { streamifyResponse: FUNCTION };

/** What counts where an option is missing or `undefined`. */
export const DEFAULTS: Settings = {
  concurrency: DEFAULT_CONCURRENCY,
  errorResponse: internalError,
  timeoutMarginMs: DEFAULT_TIMEOUT_MARGIN_MS,
  passthrough: true,
  interleaved: 'auto',
};

/**
 * Checks the options of a wrapper and applies their defaults.
 * @throws AdapterError `LPR_WRONG_OPTION`, for an unknown name too.
 */
export function parseOptions(options: unknown = {}, rules: Rules): Settings {
  if (!isObject(options)) {
    throw wrong('options', 'an object', options);
  }
  const settings: Record<string, unknown> = { ...DEFAULTS };
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) {
      const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
      const [wanted = 'an option of this wrapper', isRight] = rule ?? [];
      if (!isRight?.(value)) {
        throw wrong(name, wanted, value);
      }
      settings[name] = value;
    }
  }
  return settings as unknown as Settings;
}

/**
 * Checks what is to be wrapped: a function of at most `parameters` parameters; of handlers that are not
 * streaming, the runtime allows two.
 * @throws AdapterError `LPR_WRONG_OPTION`.
 */
export function parseHandler<Handler = AnyHandler>(handler: unknown, parameters = 2): Handler {
  if (typeof handler !== 'function' || handler.length > parameters) {
    throw wrong('handler', `a function of at most ${parameters} parameters`, handler);
  }
  return handler as Handler;
}

function wrong(path: string, wanted: string, got: unknown): AdapterError {
  return wrongValue('LPR_WRONG_OPTION', path, wanted, got);
}
