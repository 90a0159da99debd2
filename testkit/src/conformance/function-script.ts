/**
 * What the function behind an invoker does when it is invoked, or what befalls the call on its way.
 * `type` says which; every script answers each invocation alike.
 */
export type FunctionScript =
  | { readonly type: 'buffered'; readonly bytes: Uint8Array }
  /** Answers with the payload of the invocation. */
  | { readonly type: 'echo' }
  | {
      readonly type: 'stream';
      readonly chunks: readonly Uint8Array[];
      /** Resolves when the chunk at this index may be sent; by default all may at once. */
      readonly before?: (index: number) => Promise<void> | void;
      /** Bytes a write: wherever the transport cuts, the same chunks arrive. By default it may cut nowhere. */
      readonly writeBytes?: number;
    }
  /** Fails before it has answered. */
  | { readonly type: 'function_error'; readonly kind: string; readonly payload: string }
  /** Fails after these chunks of its stream. */
  | {
      readonly type: 'stream_error';
      readonly chunks: readonly Uint8Array[];
      readonly kind: string;
      readonly payload: string;
    }
  /** The service refuses with this status. */
  | {
      readonly type: 'refused_by_service';
      readonly status: number;
      readonly exception: string;
      readonly retryAfter?: number;
    }
  /** The connection breaks after the invocation was received and, of a stream, after these chunks. */
  | { readonly type: 'cut'; readonly chunks: readonly Uint8Array[] }
  /** The stream ends after these chunks without `InvokeComplete`, as when a proxy ends for it what was cut. */
  | { readonly type: 'unfinished'; readonly chunks: readonly Uint8Array[] }
  /** Falls silent, for good, after these chunks of its stream; with none, before any answer. */
  | { readonly type: 'stalled'; readonly chunks: readonly Uint8Array[] }
  /** Nobody listens. */
  | { readonly type: 'connection_refused' };

/** What reached the function. */
export interface ReceivedInvocation {
  /** As it was named: an ARN. */
  readonly functionName: string;
  readonly mode: 'buffered' | 'stream';
  readonly payload: Uint8Array;
  readonly tenantId: string | undefined;
}
