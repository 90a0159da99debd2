// The emulator
export { startEmulator } from './emulator.ts';
export type { Emulator, StartEmulatorOptions } from './emulator.ts';

// Its functions
export type { EventRetries, FunctionDefinition } from './functions/function-definition.ts';
export type { HandlerSpec } from './runtime/handler-spec.ts';
export type { Isolation } from './functions/function-definition.ts';
export type { Preparation } from './functions/invocation.ts';
export type { FunctionErrorPayload } from './runtime/errors.ts';

// What it tells
export { channels } from './functions/channels.ts';
export type {
  EnvironmentEnded,
  EnvironmentStarted,
  FunctionLogged,
  InvocationEnded,
  InvocationStarted,
  InvocationWarned,
  LateFailure,
} from './functions/channels.ts';
export type { RecordedBatch } from './history.ts';
export type { Reloaded } from './reloader.ts';
