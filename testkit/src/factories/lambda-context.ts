import type { Clock } from 'lpr-router';

export interface LambdaContextOptions {
  /** Default `function`. */
  readonly functionName?: string;
  /** Default `00000000-0000-4000-8000-000000000001`. */
  readonly awsRequestId?: string;
  /** What `getRemainingTimeInMillis` says, in ms; default 30,000. It stands still unless there is a clock. */
  readonly remainingTimeMs?: number;
  /** By which the remaining time runs out. */
  readonly clock?: Clock;
  readonly tenantId?: string;
}

/** Lambda's context object: interchangeable with `Context` of `@types/aws-lambda`. */
export interface TestContext {
  callbackWaitsForEmptyEventLoop: boolean;
  functionName: string;
  functionVersion: string;
  invokedFunctionArn: string;
  memoryLimitInMB: string;
  awsRequestId: string;
  logGroupName: string;
  logStreamName: string;
  tenantId?: string;
  getRemainingTimeInMillis(): number;
  /** @deprecated Return the answer instead. */
  done(error?: Error, result?: unknown): void;
  /** @deprecated Throw instead. */
  fail(error: Error | string): void;
  /** @deprecated Return the answer instead. */
  succeed(messageOrObject: unknown): void;
}

/** A context as the runtime makes one; the same options give the same context. */
export function lambdaContext(options: LambdaContextOptions = {}): TestContext {
  const { functionName = 'function', remainingTimeMs = 30_000, clock, tenantId } = options;
  const deadlineMs = clock ? clock.now() + remainingTimeMs : 0;
  const forbidden = (name: string) => () => {
    throw new Error(`\`context.${name}\` does nothing in an asynchronous handler: return or throw`);
  };
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn(functionName),
    memoryLimitInMB: '128',
    awsRequestId: options.awsRequestId ?? '00000000-0000-4000-8000-000000000001',
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: '2026/01/01/[$LATEST]00000000000000000000000000000001',
    ...(tenantId === undefined ? {} : { tenantId }),
    getRemainingTimeInMillis: () => (clock ? deadlineMs - clock.now() : remainingTimeMs),
    done: forbidden('done'),
    fail: forbidden('fail'),
    succeed: forbidden('succeed'),
  };
}

/** The ARN of a function that exists in tests only. */
export function functionArn(functionName: string): string {
  return `arn:aws:lambda:eu-west-1:123456789012:function:${functionName}`;
}
