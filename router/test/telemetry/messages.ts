import type { BatchReleased, BatchSettled, RequestSettled } from '../../src/telemetry/channels.ts';
import { parseFunctionArn } from '../../src/routing/function-arn.ts';

export const FUNCTION_ARN = parseFunctionArn(
  'arn:aws:lambda:eu-west-1:123456789012:function:hello:live',
)!.arn;

/** An answered request, the first of a full batch of two. */
export const SETTLED: RequestSettled = {
  routerId: 'router-1',
  requestId: 'r-1',
  clientRequestId: 'client-1',
  method: 'GET',
  route: '/hello/{id}',
  sourceIp: '203.0.113.7',
  status: 200,
  batchId: 'b-1',
  batchSize: 2,
  reason: 'full',
  waitMs: 12,
  upstreamMs: 30,
  totalMs: 42,
  bytesIn: 5,
  bytesOut: 17,
  failure: undefined,
  cancelled: undefined,
};

/** A request that never reached a batch. */
export const UNINVOKED: RequestSettled = {
  ...SETTLED,
  batchId: undefined,
  batchSize: undefined,
  reason: undefined,
  waitMs: undefined,
  upstreamMs: undefined,
};

export const RELEASED: BatchReleased = {
  routerId: 'router-1',
  batchId: 'b-1',
  route: '/hello/{id}',
  functionName: 'hello',
  functionArn: FUNCTION_ARN,
  mode: 'buffered',
  size: 2,
  requestIds: ['r-1', 'r-2'],
  reason: 'full',
  waitMs: 12,
  payload: new Uint8Array(),
};

export const BATCH_SETTLED: BatchSettled = {
  routerId: 'router-1',
  batchId: 'b-1',
  route: '/hello/{id}',
  functionName: 'hello',
  size: 2,
  reason: 'full',
  waitMs: 12,
  durationMs: 30,
  failure: undefined,
  error: undefined,
};
