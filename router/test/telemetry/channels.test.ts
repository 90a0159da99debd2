import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, test } from 'vitest';
import { channels } from '../../src/telemetry/channels.ts';
import { subscribeRouter, typedChannel } from '../../src/telemetry/typed-channel.ts';

test('channels have stable names', () => {
  const names = Object.entries(channels).map(([key, { name }]) => [key, name]);
  expect(Object.fromEntries(names)).toEqual({
    requestSettled: 'lpr:request:settled',
    requestRejected: 'lpr:request:rejected',
    batchReleased: 'lpr:batch:released',
    batchSettled: 'lpr:batch:settled',
    recordDropped: 'lpr:record:dropped',
    invocationRetried: 'lpr:invocation:retried',
  });
});

test('a channel has subscribers from the first subscription until the last has ended', () => {
  const channel = typedChannel<number>('lpr:test:count');
  const seen: number[] = [];
  const listener = (message: number) => seen.push(message);
  channel.publish(1);
  expect(channel.hasSubscribers).toBe(false);
  const stop = channel.subscribe(listener);
  expect(channel.hasSubscribers).toBe(true);
  channel.publish(2);
  stop();
  stop();
  channel.publish(3);
  expect(channel.hasSubscribers).toBe(false);
  channel.subscribe(listener);
  channel.unsubscribe(listener);
  channel.publish(4);
  expect(seen).toEqual([2]);
});

test('a channel is that of `node:diagnostics_channel`', () => {
  const seen: unknown[] = [];
  const listener = (message: unknown) => seen.push(message);
  subscribe('lpr:test:node', listener);
  typedChannel<string>('lpr:test:node').publish('hello');
  unsubscribe('lpr:test:node', listener);
  expect(seen).toEqual(['hello']);
});

test('a subscription to a router hears nothing of others', () => {
  const channel = typedChannel<{ readonly routerId: string; readonly n: number }>(
    'lpr:test:router',
  );
  const seen: number[] = [];
  const stop = subscribeRouter(channel, 'a', ({ n }) => seen.push(n));
  channel.publish({ routerId: 'a', n: 1 });
  channel.publish({ routerId: 'b', n: 2 });
  stop();
  channel.publish({ routerId: 'a', n: 3 });
  expect(seen).toEqual([1]);
});
