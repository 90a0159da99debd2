import { channels as routerChannels, compileConfig, manifestFromObject } from 'lpr-router';
import type { BatchSettled, FunctionArn } from 'lpr-router';
import { expect, onTestFinished, test } from 'vitest';
import { batchLine, printBatches } from '../../src/console/batch-line.ts';
import { curlLine, routeTable } from '../../src/console/route-table.ts';
import { channels } from '../../src/functions/channels.ts';

const BATCH: BatchSettled = {
  routerId: 'r',
  batchId: 'b',
  route: '/hello/{name}',
  functionName: 'hello',
  size: 4,
  reason: 'full',
  waitMs: 1.26,
  durationMs: 57.4,
  failure: undefined,
  error: undefined,
};

function configOf(paths: object) {
  return compileConfig(manifestFromObject({ Spec: { paths } }), { listenAddr: 'optional' });
}

function operation(name: string, invokeMode: string): object {
  return {
    'x-target-lambda': `arn:aws:lambda:us-east-1:123456789012:function:${name}`,
    'x-lpr': { maxWaitMs: 50, maxBatchSize: 4, invokeMode },
  };
}

test('routes stand in columns, and the first GET is the one to try', () => {
  const config = configOf({
    '/long/path': { post: operation('a', 'response_stream') },
    '/hello/{name}': { get: operation('hello', 'buffered') },
  });
  expect(routeTable(config)).toEqual([
    'POST  /long/path     a      4 per batch, 50 ms, streaming',
    'GET   /hello/{name}  hello  4 per batch, 50 ms',
  ]);
  expect(curlLine(config, 'http://127.0.0.1:3000')).toBe('curl http://127.0.0.1:3000/hello/world');
});

test('where there is no GET the first route is the one to try', () => {
  const config = configOf({ '/orders': { post: operation('a', 'buffered') } });
  expect(curlLine(config, 'http://127.0.0.1:3000')).toBe(
    'curl -X POST http://127.0.0.1:3000/orders',
  );
});

test('a batch is one line', () => {
  expect(batchLine(BATCH, true)).toBe(
    '/hello/{name}  4 requests  waited 1.3 ms (full)  took 57 ms  cold',
  );
  expect(batchLine({ ...BATCH, size: 1, failure: 'LPR_FUNCTION_ERROR' }, false)).toBe(
    '/hello/{name}  1 request  waited 1.3 ms (full)  took 57 ms  warm  LPR_FUNCTION_ERROR',
  );
});

test('lines tell the temperature of the batch, errors of functions, and nothing of other routers', () => {
  const lines: string[] = [];
  onTestFinished(printBatches('r', (_level, line) => lines.push(line)));
  const { batchId, route, functionName, size, reason, waitMs } = BATCH;
  routerChannels.batchReleased.publish({
    routerId: 'r',
    batchId,
    route,
    functionName,
    functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:hello' as FunctionArn,
    mode: 'buffered',
    size,
    requestIds: [],
    reason,
    waitMs,
    payload: new Uint8Array(),
  });
  channels.invocationStarted.publish({ requestId: 'b', functionName: 'hello', cold: false });
  const error = {
    errorType: 'Error',
    errorMessage: 'boom',
    trace: ['Error: boom', '    at app.ts:1'],
  };
  channels.invocationEnded.publish({ requestId: 'b', functionName: 'hello', error });
  routerChannels.batchSettled.publish(BATCH);
  routerChannels.batchSettled.publish({ ...BATCH, routerId: 'another' });
  expect(lines).toEqual(['hello: Error: boom\n    at app.ts:1', batchLine(BATCH, false)]);
});
