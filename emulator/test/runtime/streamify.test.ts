import { afterEach, expect, test } from 'vitest';
import {
  STREAMING_HANDLER,
  STREAMING_HIGH_WATER_MARK,
  installAwsLambda,
  streamifyResponse,
} from '../../src/runtime/streamify.ts';

const scope = globalThis as { awslambda?: Record<string, unknown> };

afterEach(() => {
  delete scope.awslambda;
});

test('tagging returns the same function', () => {
  const handler = async (): Promise<void> => undefined;
  const tagged = streamifyResponse(handler, { highWaterMark: 10.5 });
  expect(tagged).toBe(handler);
  expect(Reflect.get(tagged, STREAMING_HANDLER)).toBe('response');
  expect(Reflect.get(tagged, STREAMING_HIGH_WATER_MARK)).toBe(10);
});

test('the global is provided where there is none', () => {
  installAwsLambda();
  expect(Object.keys(scope.awslambda ?? {})).toEqual(['streamifyResponse', 'HttpResponseStream']);
});

test('what is there already stays', () => {
  const mine = (): void => undefined;
  scope.awslambda = { InvokeStore: 'store', streamifyResponse: mine };
  installAwsLambda();
  expect(scope.awslambda['InvokeStore']).toBe('store');
  expect(scope.awslambda['streamifyResponse']).toBe(mine);
  expect(scope.awslambda['HttpResponseStream']).toHaveProperty('from');
});
