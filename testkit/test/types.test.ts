import { httpEvent, invokeBatch, invokeBatchStream } from 'lpr-testkit';
import type { createTestRouter, TestRouterOptions, WantedItem, WantedRecord } from 'lpr-testkit';
import { test } from 'lpr-testkit/vitest';
import { expectTypeOf, describe, expect, it } from 'vitest';
import 'lpr-testkit/vitest';

describe('types of the matchers', () => {
  it('return nothing, or a promise where the subject is one', () => {
    expectTypeOf(() => expect([]).toHaveBatches(0)).returns.toEqualTypeOf<void>();
    expectTypeOf(() => expect(Promise.resolve([])).resolves.toHaveBatches(0)).returns.toEqualTypeOf<
      Promise<void>
    >();
    expect([]).toHaveBatches(0);
  });

  it('stand on `expect`, negated too, for a place in another expectation', () => {
    expectTypeOf(expect.batchItem).parameter(0).toEqualTypeOf<WantedItem>();
    expectTypeOf(expect.not.record).parameter(0).toEqualTypeOf<WantedRecord | undefined>();
    expectTypeOf(() => expect([]).not.toHaveBatches(1)).returns.toEqualTypeOf<void>();
    expect([httpEvent()]).toEqual([expect.batchItem({ path: expect.stringMatching(/^\//) })]);
  });

  it('refuse what no router ever says', () => {
    const wrong = () => {
      // @ts-expect-error -- there is no such reason
      expect([]).toHaveReleasedBecause('later');
      // @ts-expect-error -- a status is a number
      expect('').toHaveRecordFor('r-1', { statusCode: '200' });
      // @ts-expect-error -- an item has a path, no URL
      expect.batchItem({ url: '/a' });
      // @ts-expect-error -- there is no such frame
      expect('').toHaveFrames('r-1', ['body']);
    };
    expect(wrong).toThrow('full, window, payload, drain), got `later`');
  });
});

describe('types of the rest', () => {
  test('give a test router as a fixture', ({ testRouter }) => {
    expectTypeOf(testRouter).toEqualTypeOf<typeof createTestRouter>();
    expect(testRouter).toBeTypeOf('function');
  });

  it('take routes or a manifest, not both, and of routes the fields of `x-lpr`', () => {
    const handler = () => ({});
    expectTypeOf({ routes: { '/a': { get: { handler } } } }).toExtend<TestRouterOptions>();
    expectTypeOf({ config: {}, handlers: { hello: handler } }).toExtend<TestRouterOptions>();
    expectTypeOf({ config: {}, routes: {} }).not.toExtend<TestRouterOptions>();
    expectTypeOf({ config: {} }).not.toExtend<TestRouterOptions>();
    const late = { routes: { '/a': { get: { handler, maxWaitMs: 'long' } } } };
    expectTypeOf(late).not.toExtend<TestRouterOptions>();
    expect(handler()).toEqual({});
  });

  it('tell buffered from streamed invocations', async () => {
    expectTypeOf(invokeBatch).returns.resolves.not.toHaveProperty('stream');
    expectTypeOf(invokeBatchStream).returns.resolves.toHaveProperty('stream');
    const { answer } = await invokeBatch(() => null, 1);
    expectTypeOf(answer).toBeUnknown();
    expect(answer).toBeNull();
  });
});
