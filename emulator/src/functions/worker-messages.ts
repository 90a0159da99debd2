import type { FunctionErrorPayload } from '../runtime/errors.ts';
import type { HandlerSpec } from '../runtime/handler-spec.ts';
import type { BundleFile } from '../runtime/run-bundle.ts';
import type { LogLevel } from './channels.ts';
import type { EnvironmentInvocation } from './invocation.ts';

/** What a worker is started with. */
export interface WorkerStart {
  readonly bundle: BundleFile;
  readonly spec: HandlerSpec;
  readonly owner: {
    readonly name: string;
    readonly memoryMb: number;
    readonly logStreamName: string;
  };
}

/** What an environment tells its worker. */
export type ToWorker =
  | ({ readonly type: 'invoke' } & EnvironmentInvocation)
  /** The reader wants a chunk. */
  | { readonly type: 'next' }
  /** The reader has gone. */
  | { readonly type: 'abandon' };

/** What a worker tells its environment. `ready` or `failed` comes once, `finished` once per invocation. */
export type FromWorker =
  | { readonly type: 'ready'; readonly streaming: boolean }
  | { readonly type: 'failed'; readonly error: FunctionErrorPayload }
  | { readonly type: 'answer'; readonly bytes: Uint8Array }
  | { readonly type: 'stream'; readonly contentType: string }
  | { readonly type: 'refused'; readonly error: FunctionErrorPayload }
  | { readonly type: 'chunk'; readonly bytes: Uint8Array }
  | { readonly type: 'end'; readonly error?: FunctionErrorPayload }
  | { readonly type: 'finished'; readonly error?: FunctionErrorPayload }
  | { readonly type: 'log'; readonly level: LogLevel; readonly text: string }
  /** An error that nothing caught; the worker ends. */
  | { readonly type: 'crashed'; readonly error: FunctionErrorPayload };
