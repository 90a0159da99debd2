import type { InvocationMode } from 'lpr-router';

/** One call of the Lambda API. */
export interface LambdaCall {
  readonly event: unknown;
  readonly mode: InvocationMode;
  readonly requestId: string;
}

/** What becomes of a call. */
export type LambdaOutcome =
  | { readonly type: 'buffered'; readonly bytes: Uint8Array }
  /** A stream whose iteration throws ends as a function error, or breaks where that is a `Cut`. */
  | { readonly type: 'stream'; readonly chunks: AsyncIterable<Uint8Array> }
  | { readonly type: 'function_error'; readonly errorType: string; readonly errorMessage: string }
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
  readonly preset: (call: LambdaCall) => LambdaOutcome;
}

/** Breaks a stream off without an end. */
export class Cut extends Error {
  override readonly name = 'Cut';
}
