import { describe, expect, it } from 'vitest';
import { VirtualClock } from 'lpr-testkit';
import { batchKey } from '../../src/batching/batch-key.ts';
import type { Batch } from '../../src/batching/batch.ts';
import { BatcherPool } from '../../src/batching/batcher-pool.ts';
import type { BatchingRules } from '../../src/batching/batcher.ts';
import { fixedWindow } from '../../src/batching/fixed-window.ts';
import { TestWaiter } from './waiter.ts';

function setUp({
  maxWaitMs = 10,
  maxBatchSize = 4,
  maxItemBytes = 1000,
  policy = fixedWindow(maxWaitMs),
  idleTtlMs = 0,
} = {}) {
  const clock = new VirtualClock();
  const start = clock.now();
  const pool = new BatcherPool<TestWaiter>(clock);
  const released: { ids: string[]; reason: string | undefined; atMs: number }[] = [];
  const batches: Batch<TestWaiter>[] = [];
  const rules: BatchingRules<TestWaiter> = {
    clock,
    policy,
    idleTtlMs,
    limits: { maxBatchSize, maxItemBytes },
    onRelease(batch) {
      batches.push(batch);
      const ids = [...batch.waiters.keys()];
      released.push({ ids, reason: batch.reason, atMs: clock.now() - start });
    },
  };
  const add = (id: string, { key = 'k', itemBytes = 10 } = {}) => {
    const waiter = new TestWaiter(id, { arrivalMs: clock.now(), itemBytes });
    pool.add(batchKey(key, []), waiter, rules);
    return waiter;
  };
  return { clock, pool, add, released, batches };
}

describe('batcher', () => {
  it('releases a batch when its window, counted from the first arrival, is over', () => {
    const { clock, add, released } = setUp({ maxWaitMs: 10 });
    add('a');
    clock.advance(6);
    add('b');
    clock.advance(3);
    expect(released).toEqual([]);
    clock.advance(1);
    expect(released).toEqual([{ ids: ['a', 'b'], reason: 'window', atMs: 10 }]);
  });

  it('releases a full batch at once and cancels its window', () => {
    const { clock, add, released } = setUp({ maxBatchSize: 2 });
    add('a');
    add('b');
    add('c');
    expect(released).toEqual([{ ids: ['a', 'b'], reason: 'full', atMs: 0 }]);
    clock.advance(10);
    expect(released[1]).toEqual({ ids: ['c'], reason: 'window', atMs: 10 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('releases every request alone when the window is 0', () => {
    const { add, released, pool } = setUp({ maxWaitMs: 0 });
    add('a');
    add('b');
    expect(released.map(({ ids, reason }) => [ids, reason])).toEqual([
      [['a'], 'window'],
      [['b'], 'window'],
    ]);
    expect(pool.size).toBe(0);
  });

  it('keeps keys apart', () => {
    const { clock, add, released } = setUp();
    add('a', { key: 'red' });
    add('b', { key: 'blue' });
    clock.advance(10);
    expect(released.map(({ ids }) => ids)).toEqual([['a'], ['b']]);
  });

  it('releases first when an item would take the batch over its bytes', () => {
    const { clock, add, released, pool } = setUp({ maxItemBytes: 40 });
    add('a', { itemBytes: 20 });
    add('b', { itemBytes: 18 });
    add('c', { itemBytes: 5 });
    expect(released).toEqual([{ ids: ['a', 'b'], reason: 'payload', atMs: 0 }]);
    expect(pool.size).toBe(1);
    clock.advance(4);
    add('d', { itemBytes: 5 });
    clock.advance(6);
    expect(released[1]).toEqual({ ids: ['c', 'd'], reason: 'window', atMs: 10 });
  });

  it('releases all open batches on drain, also one opened after a payload release', () => {
    const { clock, add, released, pool } = setUp({ maxItemBytes: 40 });
    add('a', { itemBytes: 30 });
    add('b', { itemBytes: 30 });
    add('c', { key: 'other' });
    pool.drain();
    expect(released.map(({ ids, reason }) => [ids, reason])).toEqual([
      [['a'], 'payload'],
      [['b'], 'drain'],
      [['c'], 'drain'],
    ]);
    expect(pool.size).toBe(0);
    expect(clock.pendingTimers).toBe(0);
    add('d');
    expect(released.at(-1)).toEqual({ ids: ['d'], reason: 'drain', atMs: 0 });
  });

  it('keeps the policy of an idle key until its time to live is over, by one timer in all', () => {
    let made = 0;
    const policy = () => {
      made += 1;
      return { releaseInMs: () => 0 };
    };
    const { clock, add, pool } = setUp({ policy, idleTtlMs: 100 });
    for (let n = 0; n < 1000; n += 1) add(`r${n}`, { key: `key-${n}` });
    expect([pool.size, pool.open, made, clock.pendingTimers]).toEqual([1000, 0, 1000, 1]);
    clock.advance(60);
    add('again', { key: 'key-0' });
    expect(made).toBe(1000);
    clock.advance(40);
    expect([pool.size, clock.pendingTimers]).toEqual([1, 1]);
    clock.advance(60);
    expect([pool.size, clock.pendingTimers]).toEqual([0, 0]);
    add('new', { key: 'key-0' });
    expect(made).toBe(1001);
  });

  it('forgets a request whose client has left while the batch is open', () => {
    const { clock, add, released } = setUp({ maxBatchSize: 2 });
    add('a').settle();
    add('b');
    expect(released).toEqual([]);
    clock.advance(10);
    expect(released.map(({ ids }) => ids)).toEqual([['b']]);
  });

  it('drops an open batch that everybody has left', () => {
    const { clock, add, released, pool } = setUp();
    add('a').settle();
    expect(pool.size).toBe(0);
    expect(clock.pendingTimers).toBe(0);
    clock.advance(10);
    expect(released).toEqual([]);
  });

  it('gives the next batch a window of its own after the last one was deserted', () => {
    const { clock, add, released } = setUp({ maxWaitMs: 10 });
    add('a').settle();
    clock.advance(8);
    add('b');
    clock.advance(9);
    expect(released).toEqual([]);
    clock.advance(1);
    expect(released).toEqual([{ ids: ['b'], reason: 'window', atMs: 18 }]);
  });
});
