import { MAX_SHOWN_CHARACTERS } from './limits.ts';

/** Codes of the errors that the adapter raises itself. They are stable: a retired code is never reused. */
export const AdapterErrorCode = {
  /** A handler was wrapped with a wrong option, or is no handler. */
  WrongOption: 'LPR_WRONG_OPTION',
  /** Something that must be inside the adapter is around it, or the runtime did not stream. */
  WrongOrder: 'LPR_WRONG_ORDER',
  /** An event that is no batch came while `passthrough` was off. */
  NotABatch: 'LPR_NOT_A_BATCH',
  /** A handler's answer cannot be sent: status, headers, cookies or body. */
  IllegalAnswer: 'LPR_ILLEGAL_ANSWER',
  /** A body is larger than Lambda's limit, or does not fit into it beside the others of its batch. */
  AnswerTooLarge: 'LPR_ANSWER_TOO_LARGE',
  /** An item has neither `requestContext.requestId` nor `id`, so nothing could answer it. */
  ItemWithoutId: 'LPR_ITEM_WITHOUT_ID',
  /** An item was not answered before its deadline, or before Lambda's timeout; the reason of its `signal`. */
  DeadlineExceeded: 'LPR_DEADLINE_EXCEEDED',
  /** The response stream was closed before the item was answered; the reason of its `signal`. */
  StreamClosed: 'LPR_STREAM_CLOSED',
  /** A native handler left an item unanswered. */
  MissingResponse: 'LPR_MISSING_RESPONSE',
  /** A native handler answered an id that is not in its batch. */
  UnknownId: 'LPR_UNKNOWN_ID',
  /** A native handler answered an item twice, or wrote its frames in an illegal order. */
  IllegalOrder: 'LPR_ILLEGAL_ORDER',
} as const;

export type AdapterErrorCode = (typeof AdapterErrorCode)[keyof typeof AdapterErrorCode];

/**
 * An error of the adapter, with a message such as ``Expected `statusCode` to be an integer 200–599, got `42` (number)``.
 * Tell it by its `code`, not by `instanceof`: each CommonJS entry has a class of its own.
 */
export class AdapterError extends Error {
  declare readonly code: AdapterErrorCode;

  constructor(code: AdapterErrorCode, expected: string) {
    super(`Expected ${expected}`);
    this.code = code;
  }
}

/**
 * Checks one value: that of an option, or a part of an answer.
 * @throws AdapterError with a message of what was wanted.
 */
export function must(
  isRight: boolean,
  path: string,
  wanted: string,
  code: AdapterErrorCode = 'LPR_ILLEGAL_ANSWER',
): asserts isRight {
  if (!isRight) {
    throw new AdapterError(code, `\`${path}\` to be ${wanted}`);
  }
}

/** An offending value, for the end of a message. */
export const got = (value: unknown): string =>
  `, got \`${String(value).slice(0, MAX_SHOWN_CHARACTERS)}\` (${typeof value})`;
