import { channel } from 'node:diagnostics_channel';
import type { FunctionErrorPayload } from '../runtime/errors.ts';

/** A function's handler is about to be called. */
export interface InvocationStarted {
  readonly requestId: string;
  readonly functionName: string;
  readonly cold: boolean;
  /** Loading the handler, in ms; `undefined` when it was warm. */
  readonly initMs: number | undefined;
}

/** An invocation is over: its answer is complete, it failed, or it timed out. */
export interface InvocationEnded {
  readonly requestId: string;
  readonly functionName: string;
  readonly cold: boolean;
  /** Without loading, in ms. */
  readonly durationMs: number;
  readonly error: FunctionErrorPayload | undefined;
}

/** Everything the emulator's functions tell the outside; the console subscribes by these names. */
export const channels = {
  invocationStarted: channel('lpr:emulator:invocation:started'),
  invocationEnded: channel('lpr:emulator:invocation:ended'),
} as const;
