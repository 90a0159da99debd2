/**
 * Codes of one request's answer that a function's side may write as well as the router (contract
 * §2.4, §3). They are stable: a retired code is never given another meaning.
 */
export const WireCode = {
  FunctionError: 'LPR_FUNCTION_ERROR',
  BadResponse: 'LPR_BAD_RESPONSE',
  MissingResponse: 'LPR_MISSING_RESPONSE',
  NotBatchAware: 'LPR_NOT_BATCH_AWARE',
  DeadlineExceeded: 'LPR_DEADLINE_EXCEEDED',
} as const;

export type WireCode = (typeof WireCode)[keyof typeof WireCode];

/** Content type of {@link errorBody}. */
export const ERROR_CONTENT_TYPE = 'application/json';

/** What an error body says. `message` must be plain: no SDK text, stack or ARN (contract §3.8). */
export interface WireError {
  readonly message: string;
  readonly code: string;
  readonly requestId?: string | undefined;
}

/** The JSON text of an error body: `{"message":"…","code":"LPR_…","requestId":"r-…"}`, in this order. */
export function errorBody(error: WireError): string {
  return JSON.stringify({
    message: error.message,
    code: error.code,
    requestId: error.requestId,
  });
}
