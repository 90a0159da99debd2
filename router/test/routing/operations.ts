import { parseFunctionArn } from '../../src/routing/function-arn.ts';
import type { Operation } from '../../src/routing/operation.ts';

/** An operation for a route written as `GET /hello/{id}`. */
export function operation(route: string): Operation {
  const [method = '', path = ''] = route.split(' ');
  const target = parseFunctionArn('arn:aws:lambda:eu-west-1:123456789012:function:hello')!;
  return {
    method,
    path,
    operationId: undefined,
    functionArn: target.arn,
    functionName: target.functionName,
    qualifier: target.qualifier,
    region: target.region,
    maxWaitMs: 10,
    maxBatchSize: 4,
    timeoutMs: 2000,
    dynamicWait: undefined,
    invokeMode: 'buffered',
    payloadFormat: 'batch',
    maxInFlight: undefined,
    retryUnsent: 2,
    tenantHeader: undefined,
    key: [],
  };
}
