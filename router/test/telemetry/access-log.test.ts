import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { logRequests } from '../../src/telemetry/access-log.ts';
import { channels } from '../../src/telemetry/channels.ts';
import type { RequestSettled } from '../../src/telemetry/channels.ts';
import { SETTLED, UNINVOKED } from './messages.ts';

/** The lines that a router's requests are logged with. */
function log(level: string, ...messages: RequestSettled[]): Record<string, unknown>[] {
  const lines: string[] = [];
  const options = { level, base: null, timestamp: false };
  const logger = pino(options, { write: (line: string) => lines.push(line) });
  const stop = logRequests(logger, 'router-1');
  onTestFinished(stop);
  for (const message of messages) channels.requestSettled.publish(message);
  stop();
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('a request is one line of level info with ids, route, status, batch and times', () => {
  expect(log('info', SETTLED)).toEqual([
    {
      level: 30,
      msg: 'request',
      requestId: 'r-1',
      clientRequestId: 'client-1',
      method: 'GET',
      route: '/hello/{id}',
      status: 200,
      batchId: 'b-1',
      batchSize: 2,
      releaseReason: 'full',
      waitMs: 12,
      upstreamMs: 30,
      totalMs: 42,
      bytesIn: 5,
      bytesOut: 17,
      sourceIp: '203.0.113.7',
    },
  ]);
});

test('a failure and a cancellation say so, and what there is none of stands in no line', () => {
  const overloaded = { ...UNINVOKED, status: 429, failure: 'LPR_OVERLOADED' } as const;
  const left = { ...SETTLED, status: undefined, cancelled: 'in_flight' } as const;
  const [first, second] = log('info', overloaded, left);
  expect(first).toMatchObject({ status: 429, failure: 'LPR_OVERLOADED' });
  expect(first).not.toHaveProperty('batchId');
  expect(first).not.toHaveProperty('waitMs');
  expect(second).toMatchObject({ batchId: 'b-1', cancelled: 'in_flight' });
  expect(second).not.toHaveProperty('status');
});

test('requests of other routers stand in no line', () => {
  expect(log('info', { ...SETTLED, routerId: 'another' })).toEqual([]);
});

test('nobody listens when the level is above info', () => {
  const logger = pino({ level: 'warn' });
  onTestFinished(logRequests(logger, 'router-1'));
  expect(channels.requestSettled.hasSubscribers).toBe(false);
});
