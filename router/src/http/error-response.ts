import { ERROR_CONTENT_TYPE, errorBody } from 'lpr-protocol';
import { ERROR_KINDS } from '../errors.ts';
import type { Failure } from '../errors.ts';

/** The router's own answer: `{"message","code","requestId"}` with the code's status (wire contract §3). */
export interface ErrorResponse {
  readonly status: number;
  /** Names and values in turn, as `writeHead` takes them. */
  readonly headers: string[];
  readonly body: string;
}

export function errorResponse(failure: Failure, requestId: string): ErrorResponse {
  const kind = ERROR_KINDS[failure.code];
  const message = failure.message ?? kind.message;
  const body = errorBody({ message, code: failure.code, requestId });
  const headers = ['content-type', ERROR_CONTENT_TYPE];
  if (failure.retryAfterSeconds !== undefined) {
    headers.push('retry-after', String(failure.retryAfterSeconds));
  }
  return { status: failure.status ?? kind.status, headers, body };
}
