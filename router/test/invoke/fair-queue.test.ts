import { describe, expect, it } from 'vitest';
import { FairQueue } from '../../src/invoke/fair-queue.ts';

function setUp(maxInflight: number) {
  const started: string[] = [];
  const finish = new Map<string, () => void>();
  const queue = new FairQueue<{ name: string; lane: string; laneLimit: number }>({
    maxInflight,
    run({ name }) {
      started.push(name);
      return new Promise((resolve) => finish.set(name, resolve));
    },
  });
  /** The lane is the first letter. */
  const push = (name: string, laneLimit = Infinity) => {
    const entry = { name, lane: name[0]!, laneLimit };
    queue.push(entry);
    return entry;
  };
  const end = async (name: string) => {
    finish.get(name)!();
    await new Promise(setImmediate);
  };
  return { queue, started, push, end };
}

describe('fair queue', () => {
  it('runs as many at a time as it may', async () => {
    const { queue, started, push, end } = setUp(2);
    for (const name of ['a1', 'a2', 'a3']) push(name);
    expect(started).toEqual(['a1', 'a2']);
    expect([queue.inflight, queue.waiting]).toEqual([2, 1]);
    await end('a2');
    expect(started).toEqual(['a1', 'a2', 'a3']);
    await end('a1');
    await end('a3');
    expect([queue.inflight, queue.waiting]).toEqual([0, 0]);
  });

  it('serves lanes in turn, so that a busy one delays only itself', async () => {
    const { started, push, end } = setUp(1);
    for (const name of ['a1', 'a2', 'a3', 'b1']) push(name);
    await end('a1');
    await end('a2');
    await end('b1');
    expect(started).toEqual(['a1', 'a2', 'b1', 'a3']);
  });

  it('passes over a lane that is at its own limit', async () => {
    const { started, push, end } = setUp(3);
    push('a1', 1);
    push('a2', 1);
    push('b1');
    expect(started).toEqual(['a1', 'b1']);
    await end('a1');
    expect(started).toEqual(['a1', 'b1', 'a2']);
  });

  it('takes back what has not begun', async () => {
    const { queue, started, push, end } = setUp(1);
    const first = push('a1');
    const second = push('a2');
    expect(queue.remove(second)).toBe(true);
    expect(queue.remove(first)).toBe(false);
    expect(queue.waiting).toBe(0);
    await end('a1');
    expect(started).toEqual(['a1']);
  });

  it('says when nothing is left', async () => {
    const { queue, push, end } = setUp(1);
    push('a1');
    push('a2');
    let idle = false;
    const done = queue.idle().then(() => (idle = true));
    await end('a1');
    expect(idle).toBe(false);
    await end('a2');
    await done;
    expect(idle).toBe(true);
    await queue.idle();
  });
});
