/** What a handler gets as its `context`, with the fields of Lambda's Node.js 24 runtime. */
export interface LambdaContext {
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  /** In MB, as text. */
  readonly memoryLimitInMB: string;
  readonly awsRequestId: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly clientContext: unknown;
  readonly identity: unknown;
  readonly tenantId: string | undefined;
  readonly xRayTraceId: string | undefined;
  /** Milliseconds until the function's `Timeout`; negative afterwards. */
  getRemainingTimeInMillis(): number;
}

/** What differs between functions. */
export interface ContextFunction {
  readonly name: string;
  readonly memoryMb: number;
  readonly logStreamName: string;
}

/** What differs between invocations. */
export interface ContextInvocation {
  readonly requestId: string;
  readonly invokedFunctionArn: string;
  /** Epoch ms at which the invocation times out. */
  readonly deadline: number;
  readonly clientContext?: unknown;
  readonly tenantId?: string | undefined;
}

/** The version that answers when no other is published; the emulator has no other. */
export const LATEST = '$LATEST';

/** Makes the context of one invocation. It is a plain object: handlers and libraries add to it. */
export function createContext(
  owner: ContextFunction,
  invocation: ContextInvocation,
): LambdaContext {
  const { deadline } = invocation;
  return {
    functionName: owner.name,
    functionVersion: LATEST,
    invokedFunctionArn: invocation.invokedFunctionArn,
    memoryLimitInMB: String(owner.memoryMb),
    awsRequestId: invocation.requestId,
    logGroupName: `/aws/lambda/${owner.name}`,
    logStreamName: owner.logStreamName,
    clientContext: invocation.clientContext,
    identity: undefined,
    tenantId: invocation.tenantId,
    xRayTraceId: undefined,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

/** Names a log stream as Lambda does: day, version, and an id of the execution environment. */
export function logStreamName(now: Date, environmentId: string): string {
  const day = now.toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[${LATEST}]${environmentId}`;
}
