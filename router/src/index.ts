// The router
export { createRouter } from './create-router.ts';
export type {
  CloseOptions,
  CreateRouterOptions,
  ListenAddress,
  Mount,
  ObservedRequest,
  Router,
  RouterStats,
} from './router.ts';
export type { InjectRequest, InjectResponse } from './http/server.ts';
export type { AnswerObserver } from './http/write-response.ts';

// Its exit
export { ERROR_KINDS, InvokeError } from './errors.ts';
export type { ErrorCode, ErrorKind, Failure, InvokeErrorCode } from './errors.ts';
export type { Invocation, InvocationMode, InvokeAnswer, Invoker } from './invoke/invoker.ts';
export { sdkInvoker } from './invoke/sdk-invoker.ts';
export type { SdkInvokerOptions } from './invoke/sdk-invoker.ts';
export { signedInvoker } from './invoke/signed-invoker.ts';
export type { SignedInvokerOptions } from './invoke/signed-invoker.ts';
export { retryUnsent } from './invoke/retry-unsent.ts';
export type { RetryUnsentOptions } from './invoke/retry-unsent.ts';
export { RetryBudget } from './invoke/retry-budget.ts';
export type { RetryBudgetOptions } from './invoke/retry-budget.ts';
export { streamIdleTimeout } from './invoke/stream-idle-timeout.ts';
export type { StreamIdleTimeoutOptions } from './invoke/stream-idle-timeout.ts';

// Its configuration
export { checkConfig, compileConfig, loadConfig } from './config/load.ts';
export type { CheckedConfig, CheckOptions } from './config/load.ts';
export { manifestFromObject, parseManifest, readManifest } from './config/manifest.ts';
export type { Manifest } from './config/manifest.ts';
export { byPosition, ConfigError, formatProblem } from './config/problem.ts';
export type { ConfigProblem, Position } from './config/problem.ts';
export { checkPart } from './config/explain.ts';
export type { CheckedPart } from './config/explain.ts';
export { integer, milliseconds, section } from './config/fields.ts';
export { nearest } from './config/nearest.ts';
export type {
  ForwardHeaders,
  InvokerName,
  RouterConfig,
  TrustedProxies,
} from './config/router-config.ts';
export { parseFunctionArn } from './routing/function-arn.ts';
export type { FunctionArn, FunctionTarget } from './routing/function-arn.ts';
export type {
  DynamicWait,
  InvokeMode,
  KeyDimension,
  Operation,
  PayloadFormat,
} from './routing/operation.ts';

// Its time
export type { Clock, Timer } from './batching/clock.ts';
export { systemClock } from './system-clock.ts';

// What it tells
export { channels } from './telemetry/channels.ts';
export type {
  BatchReleased,
  BatchSettled,
  DroppedRecordKind,
  InvocationRetried,
  RecordDropped,
  RequestSettled,
} from './telemetry/channels.ts';
export { RELEASE_REASONS } from './batching/release-policy.ts';
export type { ReleaseReason } from './batching/release-policy.ts';

// For programs built on it
export { EXIT_FAILURE, EXIT_USAGE, prepareCommand, startFailure } from './cli-exit.ts';
export type { StartFailure } from './cli-exit.ts';
export { stopOnSignal } from './lifecycle/stop-on-signal.ts';
export type { StopOptions } from './lifecycle/stop-on-signal.ts';
