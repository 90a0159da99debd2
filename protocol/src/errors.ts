/**
 * Codes that callers can see in error bodies, whichever side of the wire wrote them (contract §3).
 * They are stable: a retired code is never given another meaning.
 */
export const WireCode = {
  BadRequest: 'LPR_BAD_REQUEST',
  RouteNotFound: 'LPR_ROUTE_NOT_FOUND',
  MethodNotAllowed: 'LPR_METHOD_NOT_ALLOWED',
  BodyTooLarge: 'LPR_BODY_TOO_LARGE',
  HeadersTooLarge: 'LPR_HEADERS_TOO_LARGE',
  Overloaded: 'LPR_OVERLOADED',
  Throttled: 'LPR_THROTTLED',
  Draining: 'LPR_DRAINING',
  FunctionError: 'LPR_FUNCTION_ERROR',
  FunctionUnreachable: 'LPR_FUNCTION_UNREACHABLE',
  InvokeFailed: 'LPR_INVOKE_FAILED',
  PayloadTooLarge: 'LPR_PAYLOAD_TOO_LARGE',
  BadResponse: 'LPR_BAD_RESPONSE',
  MissingResponse: 'LPR_MISSING_RESPONSE',
  NotBatchAware: 'LPR_NOT_BATCH_AWARE',
  DeadlineExceeded: 'LPR_DEADLINE_EXCEEDED',
  InternalError: 'LPR_INTERNAL_ERROR',
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
