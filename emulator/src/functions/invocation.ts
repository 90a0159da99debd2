import type { InvocationMode } from 'lpr-router';
import { RuntimeError, toErrorPayload } from '../runtime/errors.ts';
import type { FunctionErrorPayload } from '../runtime/errors.ts';

/** One call of one function. */
export interface FunctionInvocation {
  /** The event as JSON text in UTF-8; no bytes at all count as `{}`. */
  readonly payload: Uint8Array;
  /** How the caller reads the answer; the function may produce it either way. */
  readonly mode: InvocationMode;
  /** When it is aborted the caller stops waiting. As in Lambda, the function runs on. */
  readonly signal?: AbortSignal;
  /** A new UUID by default. */
  readonly requestId?: string;
  /** As in the request; by default an ARN is made up. */
  readonly invokedFunctionArn?: string;
  /** Parsed. */
  readonly clientContext?: unknown;
  readonly tenantId?: string;
}

/** An invocation as an execution environment gets it. */
export interface EnvironmentInvocation {
  readonly requestId: string;
  readonly payload: Uint8Array;
  readonly mode: InvocationMode;
  /** Epoch ms at which it times out. */
  readonly deadline: number;
  readonly invokedFunctionArn: string;
  readonly clientContext?: unknown;
  readonly tenantId?: string;
}

/** What every outcome says. */
interface Outcome {
  readonly requestId: string;
  /** True for the first invocation of an execution environment. */
  readonly cold: boolean;
}

/** How an invocation went. A stream that fails midway throws a `FunctionFailure` while it is read. */
export type FunctionOutcome =
  | (Outcome & { readonly type: 'buffered'; readonly bytes: Uint8Array })
  | (Outcome & {
      readonly type: 'stream';
      readonly contentType: string;
      readonly chunks: AsyncIterable<Uint8Array>;
    })
  | (Outcome & { readonly type: 'error'; readonly error: FunctionErrorPayload });

/** What loading a handler came to; a failure is what invocations would meet, and meet until it is mended. */
export type Preparation =
  | {
      readonly type: 'ready';
      readonly streaming: boolean;
      readonly initMs: number;
      /** Absolute paths of the files that the handler was made of; empty where nobody knows. */
      readonly inputs: readonly string[];
    }
  | {
      readonly type: 'failed';
      readonly error: FunctionErrorPayload;
      /** Absolute paths of files, there or not, whose change may mend it. */
      readonly inputs?: readonly string[];
    };

/** What a preparation came to that failed with `thrown`. */
export function failedPreparation(thrown: unknown): Preparation {
  const inputs = thrown instanceof RuntimeError ? thrown.inputs : [];
  const error = toErrorPayload(thrown);
  return { type: 'failed', error, ...(inputs.length > 0 && { inputs }) };
}

/**
 * What runs a function: loaded once, then invoked many times. `invoke` rejects only with the reason of
 * the caller's signal; whatever goes wrong in the function is an outcome. Every invocation that `invoke`
 * accepted ends in exactly one message on `channels.invocationEnded`, also when its caller has gone: that
 * is when its place under the concurrency limits is free again.
 */
export interface ExecutionEnvironment {
  /** Loads the handler if it is not loaded. */
  prepare(): Promise<Preparation>;
  invoke(invocation: FunctionInvocation): Promise<FunctionOutcome>;
  /** Ends what is under way. */
  close(): Promise<void>;
}
