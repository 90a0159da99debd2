import { InvokeError } from '../errors.ts';

/** Connect-phase failures: nothing was sent, so nothing ran. */
const UNSENT_CODES = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** What Lambda's answer with an error status means. */
export interface ServiceFailure {
  readonly status: number | undefined;
  /** For logs. */
  readonly message: string;
  /** The `Retry-After` of the answer, in seconds. */
  readonly retryAfter: unknown;
  readonly cause?: unknown;
}

/** The Lambda service refused or failed: only a throttle proves that nothing ran. */
export function serviceFailure({
  status,
  message,
  retryAfter,
  cause,
}: ServiceFailure): InvokeError {
  if (status === 413) return new InvokeError('LPR_PAYLOAD_TOO_LARGE', message, { cause });
  if (status !== 429) return new InvokeError('LPR_FUNCTION_UNREACHABLE', message, { cause });
  const seconds = Number(retryAfter);
  return new InvokeError('LPR_THROTTLED', message, {
    unsent: true,
    cause,
    ...(seconds > 0 && Number.isFinite(seconds) ? { retryAfterSeconds: Math.ceil(seconds) } : {}),
  });
}

/** The connection failed, or whatever else stands between the router and Lambda. */
export function transportFailure(error: unknown): InvokeError {
  if (error instanceof InvokeError) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const code = (error as { code?: unknown } | undefined)?.code;
  const unsent = typeof code === 'string' && UNSENT_CODES.has(code);
  return new InvokeError('LPR_FUNCTION_UNREACHABLE', message, { unsent, cause: error });
}

/** A stream that ends without `InvokeComplete` is cut, even where its bytes seem whole: an HTTP proxy may have ended it. */
export function incompleteStream(): InvokeError {
  const message = 'Expected `InvokeComplete` at the end of the stream, got none';
  return new InvokeError('LPR_FUNCTION_UNREACHABLE', message);
}

/** The function itself failed; `payload` is what it said. */
export function functionFailure(kind: string, payload: Uint8Array | string): InvokeError {
  const text = typeof payload === 'string' ? payload : Buffer.from(payload).toString();
  return new InvokeError('LPR_FUNCTION_ERROR', `${kind}: ${text}`);
}
