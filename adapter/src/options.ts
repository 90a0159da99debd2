import type { Streamify } from './aws-lambda.ts';
import { got, must } from './errors.ts';
import type { AnyHandler, ItemAnswer, ItemContext } from './item.ts';
import type { ItemEvent } from './lambda-types.ts';
import { isObject } from './read-answer.ts';

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

/** The options of a wrapper, of whichever; each default stands where the option is used. */
export type Settings = BatchStreamOptions;

/** What is wrapped, and how. */
export interface Wrapped<Handler> extends Settings {
  readonly handler: Handler;
}

/** What each option has to be: `true`, or else in words. */
export type Rules = Readonly<Record<string, ((value: unknown) => true | string) | undefined>>;

const a = (type: string) => (value: unknown) => typeof value === type || `a ${type}`;
const FUNCTION = a('function');

/** Options of `withBatchAdapter`; without a prototype, whose names would be options. */
export const ITEM_RULES: Rules = {
  __proto__: null as never,
  onError: FUNCTION,
  errorResponse: FUNCTION,
  around: FUNCTION,
  passthrough: a('boolean'),
  timeoutMarginMs: (value) => (Number.isFinite(value) && (value as number) >= 0) || 'a number >= 0',
  concurrency: (value) =>
    ((value as number) >= 1 && Math.floor(value as number) === value) ||
    'an integer >= 1 or Infinity',
};

/** Options of every streaming wrapper besides. */
export const STREAM_RULES: Rules = { streamifyResponse: FUNCTION };

/**
 * Checks what is to be wrapped, a function of at most `parameters` parameters, and the options of the
 * wrapper. Of handlers that are not streaming the runtime allows two parameters.
 * @throws AdapterError `LPR_WRONG_OPTION`, for an unknown name too.
 */
export function parse<Handler = AnyHandler>(
  handler: unknown,
  options: unknown = {},
  rules: Rules = {},
  parameters = 2,
): Wrapped<Handler> {
  check(
    'handler',
    handler,
    (typeof handler === 'function' && handler.length <= parameters) ||
      `a function of up to ${parameters} parameters`,
  );
  check('options', options, isObject(options) || 'an object');
  for (const [name, value] of Object.entries(options as object)) {
    if (value !== undefined) {
      check(name, value, rules[name]?.(value) ?? 'an option');
    }
  }
  return { ...(options as object), handler: handler as Handler };
}

function check(path: string, value: unknown, wanted: true | string): void {
  must(wanted === true, path, wanted + got(value), 'LPR_WRONG_OPTION');
}
