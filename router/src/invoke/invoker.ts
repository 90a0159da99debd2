import type { FunctionArn } from '../routing/function-arn.ts';

/** How a function answers: one document at the end, or bytes as they come. */
export type InvocationMode = 'buffered' | 'stream';

/** One call of a Lambda function: the payload of one batch. */
export interface Invocation {
  /** The batch that is carried; also the id of the invocation in logs. */
  readonly batchId: string;
  readonly functionArn: FunctionArn;
  readonly mode: InvocationMode;
  /** The event as JSON text in UTF-8. */
  readonly payload: Uint8Array;
  /** Sent as `X-Amz-Tenant-Id`; a function with tenant isolation requires it. */
  readonly tenantId?: string;
  /** Epoch ms after which nobody waits for the answer any more. */
  readonly deadline: number;
  /** How often `retryUnsent` may send it again when it surely did not run. Default 2. */
  readonly retries?: number;
  /** Aborted when every waiter has gone. */
  readonly signal: AbortSignal;
}

/** The answer of a function, still undecoded. */
export type InvokeAnswer =
  | { readonly type: 'buffered'; readonly bytes: Uint8Array }
  | {
      readonly type: 'stream';
      readonly chunks: AsyncIterable<Uint8Array>;
      /** What the function called its stream; tells an HTTP-integration prelude from a plain body. */
      readonly contentType?: string | undefined;
    };

/**
 * The one exit of the router. Implementations reject with an `InvokeError`, also while `chunks` is
 * being read; they never answer a function error as if it were an answer. Limits, deadlines and
 * retries are wrappers `Invoker → Invoker`.
 */
export interface Invoker {
  invoke(invocation: Invocation): Promise<InvokeAnswer>;
  /** Frees sockets; in-flight invocations may fail. */
  close?(): Promise<void>;
}
