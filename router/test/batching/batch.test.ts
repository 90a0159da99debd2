import { describe, expect, it, vi } from 'vitest';
import { batchKey } from '../../src/batching/batch-key.ts';
import { Batch } from '../../src/batching/batch.ts';
import { TestWaiter } from './waiter.ts';

function batchOf(...ids: string[]) {
  const batch = new Batch<TestWaiter>(batchKey('k', []), 0);
  const waiters = ids.map((id) => new TestWaiter(id));
  for (const waiter of waiters) batch.add(waiter);
  return { batch, waiters };
}

describe('batch', () => {
  it('keeps its members once it is sealed, and is settled with the last of them', () => {
    const { batch, waiters } = batchOf('a', 'b');
    batch.seal();
    expect(batch.state).toBe('sealed');
    waiters[0]!.settle();
    expect([...batch.waiters.keys()]).toEqual(['a', 'b']);
    expect(batch.unsettled).toBe(1);
    waiters[1]!.settle();
    expect(batch.state).toBe('settled');
  });

  it('loses members that are settled while it is open, with their bytes and arrivals', () => {
    const { batch, waiters } = batchOf('a', 'b');
    waiters[0]!.settle();
    expect(batch.size).toBe(1);
    expect(batch.itemBytes).toBe(11);
    expect(batch.sumOfArrivalsMs).toBe(0);
  });

  it('takes over members of a later batch in their order, up to its size and its bytes', () => {
    const { batch } = batchOf('a', 'b');
    const { batch: later } = batchOf('c', 'd', 'e', 'f');
    batch.absorb(later, { maxBatchSize: 9, maxItemBytes: 33 });
    expect([[...batch.waiters.keys()], batch.itemBytes]).toEqual([['a', 'b', 'c'], 33]);
    batch.absorb(later, { maxBatchSize: 5, maxItemBytes: 99 });
    expect([...batch.waiters.keys()]).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect([[...later.waiters.keys()], later.itemBytes, later.unsettled]).toEqual([['f'], 11, 1]);
  });

  it('is settled at once when it is sealed without members', () => {
    const { batch, waiters } = batchOf('a');
    waiters[0]!.settle();
    batch.seal();
    expect(batch.state).toBe('settled');
  });

  it('settles only those that still wait', () => {
    const { batch, waiters } = batchOf('a', 'b', 'c');
    batch.seal();
    waiters[1]!.settle();
    const settled: string[] = [];
    batch.settleRest((waiter) => {
      settled.push(waiter.id);
      waiter.settle();
    });
    expect(settled).toEqual(['a', 'c']);
  });

  it('says when nobody waits any more', () => {
    const { batch, waiters } = batchOf('a', 'b');
    batch.seal();
    const deserted = vi.fn<() => void>();
    batch.onDeserted = deserted;
    waiters[0]!.settle();
    expect(deserted).not.toHaveBeenCalled();
    waiters[1]!.settle();
    expect(deserted).toHaveBeenCalledTimes(1);
  });

  it('takes nobody in after it was sealed', () => {
    const { batch } = batchOf('a');
    batch.seal();
    expect(() => batch.add(new TestWaiter('b'))).toThrow(
      'Expected the batch to be open, it is sealed',
    );
    expect(() => batch.seal()).toThrow('Expected the batch to be open, it is sealed');
  });
});
