import { channel } from 'node:diagnostics_channel';
import type { FunctionErrorPayload } from '../runtime/errors.ts';

/** An execution environment is there: the handler is loaded. */
export interface EnvironmentStarted {
  readonly functionName: string;
  /** Counted from 1 over everything that this process runs. */
  readonly environment: number;
  /** Loading the handler, in ms. */
  readonly initMs: number;
}

/** An execution environment takes no more invocations: it was idle for long, was replaced, or has crashed. */
export interface EnvironmentEnded {
  readonly functionName: string;
  readonly environment: number;
}

/** A function's handler is about to be called. */
export interface InvocationStarted {
  readonly requestId: string;
  readonly functionName: string;
  /** The number of its execution environment. */
  readonly environment: number;
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

/** Levels as Lambda writes them. */
export type LogLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** A function has written to its console or to standard output or error. */
export interface FunctionLogged {
  readonly functionName: string;
  /** Of the invocation that set the writing code in motion, or of the one that loaded the module. */
  readonly requestId: string;
  readonly level: LogLevel;
  /** Without a line end. */
  readonly text: string;
  /** Epoch ms. */
  readonly atMs: number;
}

/** Code of an invocation failed after that invocation was over. Its environment is replaced. */
export interface LateFailure {
  readonly functionName: string;
  readonly requestId: string;
  readonly error: FunctionErrorPayload;
}

/** Something that works here and is close to failing in Lambda. */
export interface InvocationWarned {
  readonly functionName: string;
  readonly requestId: string;
  readonly text: string;
}

/** Everything the emulator's functions tell the outside; the console subscribes by these names. */
export const channels = {
  environmentStarted: channel('lpr:emulator:environment:started'),
  environmentEnded: channel('lpr:emulator:environment:ended'),
  invocationStarted: channel('lpr:emulator:invocation:started'),
  invocationEnded: channel('lpr:emulator:invocation:ended'),
  invocationWarned: channel('lpr:emulator:invocation:warned'),
  lateFailure: channel('lpr:emulator:late-failure'),
  logged: channel('lpr:emulator:log'),
} as const;
