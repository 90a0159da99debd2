import { batchEvent, toHaveBatched } from 'lpr-testkit';
import type { ObservedBatch } from 'lpr-testkit';
import 'lpr-testkit/vitest';
import { describe, expect, it } from 'vitest';
import { messageOf } from './message-of.ts';

const batch = (paths: readonly string[], over: Partial<ObservedBatch> = {}): ObservedBatch => {
  const event = batchEvent(paths);
  const fixed = { batchId: 'b-1', functionName: 'hello', mode: 'buffered', waitMs: 0 } as const;
  return { ...fixed, route: '/{p}', reason: 'full', items: event.batch, event, ...over };
};

const three = batch(['/a', '/b', '/c']);
const one = batch(['/d?x=1'], { reason: 'window', waitMs: 20 });
const batches = [three, one];

describe('matchers of batches', () => {
  it('count batches', () => {
    expect(batches).toHaveBatches(2);
    expect({ batches }).toHaveBatches(2);
    expect([]).not.toHaveBatches(1);
    expect(messageOf(() => expect(batches).toHaveBatches(1))).toMatchInlineSnapshot(`
      "Expected 1 batch, got 2
        3 items  /{p}  full    after 0 ms   /a, /b, /c
        1 item   /{p}  window  after 20 ms  /d?x=1"
    `);
    expect(messageOf(() => expect(batches).not.toHaveBatches(2))).toMatchInlineSnapshot(`
      "Expected another number of batches than 2
        3 items  /{p}  full    after 0 ms   /a, /b, /c
        1 item   /{p}  window  after 20 ms  /d?x=1"
    `);
  });

  it('find a batch by its size', () => {
    expect(batches).toHaveBatchOfSize(1);
    expect(batches).not.toHaveBatchOfSize(2);
    expect(messageOf(() => expect(batches).toHaveBatchOfSize(4))).toMatchInlineSnapshot(`
      "Expected a batch of 4 items, got 2 others
        3 items  /{p}  full    after 0 ms   /a, /b, /c
        1 item   /{p}  window  after 20 ms  /d?x=1"
    `);
    expect(messageOf(() => expect(batches).not.toHaveBatchOfSize(3))).toMatchInlineSnapshot(`
      "Expected no batch of 3 items
        3 items  /{p}  full    after 0 ms   /a, /b, /c
        1 item   /{p}  window  after 20 ms  /d?x=1"
    `);
    expect(messageOf(() => expect([]).toHaveBatchOfSize(3))).toMatchInlineSnapshot(
      `"Expected a batch of 3 items, got no batch"`,
    );
  });

  it('compare sizes in release order, or in any', () => {
    expect(batches).toHaveBatched([3, 1]);
    expect(batches).not.toHaveBatched([1, 3]);
    expect(batches).toHaveBatched([1, 3], { anyOrder: true });
    expect(batches).not.toHaveBatched([3]);
    expect(batches).not.toHaveBatched([3, 1, 1]);
    expect(messageOf(() => expect(batches).toHaveBatched([2, 2]))).toMatchInlineSnapshot(`
      "Expected batches of 2, 2, got 3, 1
        3 items  /{p}  full    after 0 ms   /a, /b, /c
        1 item   /{p}  window  after 20 ms  /d?x=1"
    `);
    expect(messageOf(() => expect(batches).toHaveBatched([1, ['/a', '/e']], { anyOrder: true })))
      .toMatchInlineSnapshot(`
        "Expected batches of 1, [/a, /e] in any order, got 3, 1
          3 items  /{p}  full    after 0 ms   /a, /b, /c
          1 item   /{p}  window  after 20 ms  /d?x=1"
      `);
    expect(messageOf(() => expect(batches).not.toHaveBatched([1, 3], { anyOrder: true })))
      .toMatchInlineSnapshot(`
        "Expected other batches than 1, 3 in any order
          3 items  /{p}  full    after 0 ms   /a, /b, /c
          1 item   /{p}  window  after 20 ms  /d?x=1"
      `);
    expect(messageOf(() => expect(batches).not.toHaveBatched([3, 1]))).toMatchInlineSnapshot(`
      "Expected other batches than 3, 1
        3 items  /{p}  full    after 0 ms   /a, /b, /c
        1 item   /{p}  window  after 20 ms  /d?x=1"
    `);
  });

  it('compare items by path, by method and path, and by id', () => {
    expect(batches).toHaveBatched([['/a', '/b', '/c'], ['/d?x=1']]);
    expect(batches).toHaveBatched([3, ['GET /d?x=1']]);
    const ids = three.items.map((item) => item.requestContext.requestId);
    expect([three]).toHaveBatched([ids]);
    expect([three]).not.toHaveBatched([ids.toReversed()]);
    expect(batches).toHaveBatched([['/d?x=1'], ['/c', '/a', '/b']], { anyOrder: true });
    expect(batches).not.toHaveBatched([['/a'], ['/d?x=1']], { anyOrder: true });
    expect(batches).not.toHaveBatched([3, ['/d?x=1', '/e']]);
    expect(batches).not.toHaveBatched([3, ['/d?x=1', '/e']], { anyOrder: true });
    expect(messageOf(() => expect([three]).toHaveBatched([['/a', '/c']]))).toMatchInlineSnapshot(`
      "Expected batches of [/a, /c], got [/a, /b, /c]
        3 items  /{p}  full  after 0 ms  /a, /b, /c"
    `);
  });

  it('let names choose before sizes, which fit more batches', () => {
    const twins = [batch(['/a', '/b']), batch(['/c', '/d'])];
    expect(twins).toHaveBatched([2, ['/a', '/b']], { anyOrder: true });
    expect(twins).not.toHaveBatched([2, ['/a', '/c']], { anyOrder: true });
  });

  it('tell why batches left', () => {
    expect([three]).toHaveReleasedBecause('full');
    expect(batches).toHaveReleasedBecause(['full', 'window']);
    expect(batches).not.toHaveReleasedBecause('full');
    expect([three]).not.toHaveReleasedBecause(['full', 'window']);
    expect(batches).not.toHaveReleasedBecause(['full']);
    expect([]).not.toHaveReleasedBecause('full');
    expect(messageOf(() => expect(batches).toHaveReleasedBecause('drain'))).toMatchInlineSnapshot(`
      "Expected release because of drain, got full, window
        3 items  /{p}  full    after 0 ms   /a, /b, /c
        1 item   /{p}  window  after 20 ms  /d?x=1"
    `);
    expect(messageOf(() => expect(three).not.toHaveReleasedBecause('full'))).toMatchInlineSnapshot(`
      "Expected release for other reasons than full
        3 items  /{p}  full  after 0 ms  /a, /b, /c"
    `);
  });

  it('take batch events, too, and say what they do not take', () => {
    expect([batchEvent(2), batchEvent(1)]).toHaveBatched([2, 1]);
    expect(batchEvent(2)).toHaveBatchOfSize(2);
    expect(() => toHaveBatched('x', [1])).toThrow('batches or batch events, got `x` (string)');
    expect(() => toHaveBatched({ stats: () => ({}) }, [1])).toThrow('`recordBatches(router)`');
    expect(() => toHaveBatched({}, [1])).toThrow('batches or batch events, got object');
  });

  it('hand both sides to the diff when they fail', () => {
    expect(toHaveBatched(batches, [2])).toMatchObject({ actual: [3, 1], expected: [2] });
    expect(toHaveBatched(batches, [3, 1])).not.toHaveProperty('actual');
  });
});
