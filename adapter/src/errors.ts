/** Codes of the errors that the adapter raises itself. They are stable: a retired code is never reused. */
export const AdapterErrorCode = {
  /** A handler was wrapped with a wrong option, or is no handler. */
  WrongOption: 'LPR_WRONG_OPTION',
  /** A handler's answer cannot be sent: status, headers, cookies or body. */
  IllegalAnswer: 'LPR_ILLEGAL_ANSWER',
  /** A buffered answer did not fit into Lambda's limit beside the others of its batch. */
  AnswerTooLarge: 'LPR_ANSWER_TOO_LARGE',
  /** An item has neither `requestContext.requestId` nor `id`, so nothing could answer it. */
  ItemWithoutId: 'LPR_ITEM_WITHOUT_ID',
  /** A handler called `context.done`, `.fail` or `.succeed`, which would end the whole batch. */
  ContextCallback: 'LPR_CONTEXT_CALLBACK',
} as const;

export type AdapterErrorCode = (typeof AdapterErrorCode)[keyof typeof AdapterErrorCode];

/**
 * An error of the adapter, with a message such as ``Expected `statusCode` to be an integer 200–599, got `42` (number)``.
 * Tell it by its `code`, not by `instanceof`: each CommonJS entry has a class of its own.
 */
export class AdapterError extends Error {
  override readonly name = 'AdapterError';
  readonly code: AdapterErrorCode;

  constructor(code: AdapterErrorCode, path: string, wanted: string, got: string) {
    super(`Expected \`${path}\` to be ${wanted}, got ${got}`);
    this.code = code;
  }
}
