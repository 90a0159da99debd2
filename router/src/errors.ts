import type { WireCode } from 'lpr-protocol';

/** What a caller is told when the router answers for a function: a stable code, status and plain message. */
export interface ErrorKind {
  readonly status: number;
  readonly message: string;
}

/**
 * Every code the router puts into an error body (wire contract §3). Codes are never reused; the
 * texts name no SDK error, stack or ARN.
 */
export const ERROR_KINDS = {
  LPR_BAD_REQUEST: { status: 400, message: 'The request is malformed.' },
  LPR_ROUTE_NOT_FOUND: { status: 404, message: 'No route matches this path.' },
  LPR_METHOD_NOT_ALLOWED: {
    status: 405,
    message: 'This path does not accept this method; `Allow` lists those it does.',
  },
  LPR_REQUEST_TIMEOUT: { status: 408, message: 'The request did not arrive in time.' },
  LPR_BODY_TOO_LARGE: {
    status: 413,
    message: 'The request body is larger than this router accepts.',
  },
  LPR_HEADERS_TOO_LARGE: {
    status: 431,
    message: 'The request line or headers are larger than this router accepts.',
  },
  LPR_OVERLOADED: { status: 429, message: 'Too many requests are waiting; try again later.' },
  LPR_FUNCTION_ERROR: { status: 502, message: 'The function failed.' },
  LPR_FUNCTION_UNREACHABLE: { status: 502, message: 'The function could not be invoked.' },
  LPR_BAD_RESPONSE: { status: 502, message: 'The function gave an answer that cannot be sent.' },
  LPR_MISSING_RESPONSE: { status: 502, message: 'The function gave no answer to this request.' },
  LPR_NOT_BATCH_AWARE: {
    status: 502,
    message: 'The function did not answer as a batch handler does.',
  },
  LPR_PAYLOAD_TOO_LARGE: {
    status: 502,
    message: 'The request is larger than an invocation can carry.',
  },
  LPR_THROTTLED: { status: 503, message: 'The function is throttled; try again later.' },
  LPR_DRAINING: { status: 503, message: 'This router is shutting down; try again.' },
  LPR_CLIENT_TOO_SLOW: { status: 502, message: 'The client reads too slowly.' },
  LPR_DEADLINE_EXCEEDED: { status: 504, message: 'The function did not answer in time.' },
} as const satisfies Record<WireCode, ErrorKind> & Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERROR_KINDS;

/** Why one request gets no answer of its function. */
export interface Failure {
  readonly code: ErrorCode;
  /** Replaces the status of the code: an `error` record brings its own. */
  readonly status?: number;
  /** Replaces the message of the code. */
  readonly message?: string;
  /** Sent as `Retry-After`, in whole seconds. */
  readonly retryAfterSeconds?: number;
}

/** Codes with which an invocation fails as a whole. */
export type InvokeErrorCode =
  | 'LPR_FUNCTION_ERROR'
  | 'LPR_FUNCTION_UNREACHABLE'
  | 'LPR_THROTTLED'
  | 'LPR_PAYLOAD_TOO_LARGE'
  | 'LPR_DEADLINE_EXCEEDED';

/**
 * A failed invocation. `message` and `cause` are for logs; callers see only `code`.
 */
export class InvokeError extends Error {
  override readonly name = 'InvokeError';
  readonly code: InvokeErrorCode;
  /** True when it is certain that the function did not run: only then may it be sent again. */
  readonly unsent: boolean;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: InvokeErrorCode,
    message: string,
    options: { unsent?: boolean; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.unsent = options.unsent ?? false;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
