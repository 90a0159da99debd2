import type { InvocationMode } from 'lpr-router';

/** One call of the Lambda API. */
export interface LambdaCall {
  /** As its caller named it: by name, partial ARN or ARN. */
  readonly functionName: string;
  readonly mode: InvocationMode;
  readonly payload: Uint8Array;
  /** The payload, parsed. */
  readonly event: unknown;
  readonly requestId: string;
  readonly tenantId: string | undefined;
  /** Aborts when the caller has gone before the answer began. */
  readonly signal: AbortSignal;
}

/** What becomes of a call. */
export type LambdaOutcome =
  | { readonly type: 'buffered'; readonly bytes: Uint8Array }
  /** A stream whose iteration throws ends as a function error, or breaks where that is a `Cut`. */
  | { readonly type: 'stream'; readonly chunks: AsyncIterable<Uint8Array> }
  /** The function failed and said this: JSON with `errorType` and `errorMessage`, as a rule. */
  | { readonly type: 'function_error'; readonly payload: string }
  /** The service refuses; `exception` is what SDKs choose their class by. */
  | {
      readonly type: 'refused';
      readonly status: number;
      readonly exception: string;
      readonly body: object;
      readonly retryAfterSeconds?: number;
    }
  /** The connection breaks. */
  | { readonly type: 'cut' };

/** A function that behaves in a way no handler can. */
export interface LambdaPreset {
  readonly preset: (call: LambdaCall) => LambdaOutcome | Promise<LambdaOutcome>;
}

/** Thrown by the chunks of a stream, breaks it off without an end. */
export class Cut extends Error {
  override readonly name = 'Cut';
}

/** Thrown by the chunks of a stream, ends it as Lambda does when the function fails and says this. */
export class FunctionFailure extends Error {
  override readonly name = 'FunctionFailure';
  readonly payload: string;

  constructor(payload: string) {
    super(payload);
    this.payload = payload;
  }
}

/** What Lambda says of a function that threw this. */
export function failurePayload(thrown: unknown): string {
  if (thrown instanceof FunctionFailure) return thrown.payload;
  const [errorType, errorMessage] =
    thrown instanceof Error ? [thrown.name, thrown.message] : [typeof thrown, String(thrown)];
  return JSON.stringify({ errorType, errorMessage });
}
