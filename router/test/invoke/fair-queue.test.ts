import { describe, expect, it } from 'vitest';
import { FairQueue } from '../../src/invoke/fair-queue.ts';

function setUp(maxInflight: number) {
  const started: string[] = [];
  const finish = new Map<string, () => void>();
  const queue = new FairQueue<string>({
    maxInflight,
    run(entry) {
      started.push(entry);
      return new Promise((resolve) => finish.set(entry, resolve));
    },
  });
  const end = async (entry: string) => {
    finish.get(entry)!();
    await new Promise(setImmediate);
  };
  return { queue, started, end };
}

describe('fair queue', () => {
  it('runs as many at a time as it may', async () => {
    const { queue, started, end } = setUp(2);
    for (const entry of ['a1', 'a2', 'a3']) queue.push('a', entry);
    expect(started).toEqual(['a1', 'a2']);
    expect([queue.inflight, queue.waiting]).toEqual([2, 1]);
    await end('a2');
    expect(started).toEqual(['a1', 'a2', 'a3']);
    await end('a1');
    await end('a3');
    expect([queue.inflight, queue.waiting]).toEqual([0, 0]);
  });

  it('serves lanes in turn, so that a busy one delays only itself', async () => {
    const { queue, started, end } = setUp(1);
    for (const entry of ['a1', 'a2', 'a3']) queue.push('a', entry);
    queue.push('b', 'b1');
    await end('a1');
    await end('a2');
    await end('b1');
    expect(started).toEqual(['a1', 'a2', 'b1', 'a3']);
  });

  it('takes back what has not begun', async () => {
    const { queue, started, end } = setUp(1);
    queue.push('a', 'a1');
    queue.push('a', 'a2');
    expect(queue.remove('a', 'a2')).toBe(true);
    expect(queue.remove('a', 'a1')).toBe(false);
    expect(queue.remove('b', 'b1')).toBe(false);
    expect(queue.waiting).toBe(0);
    await end('a1');
    expect(started).toEqual(['a1']);
  });
});
