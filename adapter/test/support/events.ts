import type { BatchLike } from 'lpr-protocol';
import type { ItemEvent, LambdaContext } from '../../src/lambda-types.ts';

/** A request event as the router sends it. */
export function itemEvent(requestId: string, overrides: Partial<ItemEvent> = {}): ItemEvent {
  return {
    version: '2.0',
    routeKey: 'GET /hello/{id}',
    rawPath: `/hello/${requestId}`,
    rawQueryString: '',
    headers: {},
    requestContext: {
      accountId: '',
      apiId: '',
      domainName: 'localhost',
      domainPrefix: '',
      http: {
        method: 'GET',
        path: `/hello/${requestId}`,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'test',
      },
      requestId,
      routeKey: 'GET /hello/{id}',
      stage: '$default',
      time: '12/Mar/2020:19:03:58 +0000',
      timeEpoch: 1_583_348_638_390,
    },
    isBase64Encoded: false,
    ...overrides,
  };
}

/** A batch of requests with these ids, as it arrives: freshly parsed, so that nothing in it is shared. */
export function batchOf(...requestIds: string[]): BatchLike {
  return batchEvent(requestIds.map((id) => itemEvent(id)));
}

/** A batch of these items, freshly parsed. */
export function batchEvent(items: readonly unknown[]): BatchLike {
  const meta = { router: 'lambda-parallel-router', route: '/hello/{id}', receivedAtMs: 1 };
  return JSON.parse(JSON.stringify({ v: 1, meta, batch: items })) as BatchLike;
}

/** A context as Lambda gives it. */
export function lambdaContext(overrides: Partial<LambdaContext> = {}): LambdaContext {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: 'hello',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:hello',
    memoryLimitInMB: '128',
    awsRequestId: 'aws-1',
    logGroupName: '/aws/lambda/hello',
    logStreamName: 'stream',
    getRemainingTimeInMillis: () => 3_000,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
    ...overrides,
  };
}
