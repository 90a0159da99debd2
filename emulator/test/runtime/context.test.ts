import { expect, test, vi } from 'vitest';
import { createContext, logStreamName } from '../../src/runtime/context.ts';

test('the context has every field of the runtime', () => {
  const context = createContext(
    { name: 'hello', memoryMb: 256, logStreamName: 'stream' },
    {
      requestId: 'id',
      invokedFunctionArn: 'arn',
      deadline: 0,
      tenantId: 't',
      clientContext: { a: 1 },
    },
  );
  expect(context).toEqual({
    functionName: 'hello',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn',
    memoryLimitInMB: '256',
    awsRequestId: 'id',
    logGroupName: '/aws/lambda/hello',
    logStreamName: 'stream',
    clientContext: { a: 1 },
    identity: undefined,
    tenantId: 't',
    xRayTraceId: undefined,
    getRemainingTimeInMillis: expect.any(Function),
  });
});

test('the remaining time falls with the clock and below zero', () => {
  vi.useFakeTimers({ now: 1000, toFake: ['Date'] });
  const context = createContext(
    { name: 'hello', memoryMb: 128, logStreamName: '' },
    { requestId: '', invokedFunctionArn: '', deadline: 3000 },
  );
  expect(context.getRemainingTimeInMillis()).toBe(2000);
  vi.setSystemTime(3500);
  expect(context.getRemainingTimeInMillis()).toBe(-500);
  vi.useRealTimers();
});

test('a log stream is named after day, version and environment', () => {
  expect(logStreamName(new Date('2026-11-03T10:00:00Z'), 'abc')).toBe('2026/11/03/[$LATEST]abc');
});
