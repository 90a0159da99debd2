import { expect, test as base } from 'vitest';
import type { TestAPI } from 'vitest';
import type { AnswerRecord } from 'lpr-protocol';
import type { ReleaseReason } from 'lpr-router';
import { batchItem, toBeValidBatchPayload } from './matchers/batch-payload.ts';
import type { WantedItem } from './matchers/batch-payload.ts';
import {
  toHaveBatched,
  toHaveBatches,
  toHaveBatchOfSize,
  toHaveReleasedBecause,
} from './matchers/batches.ts';
import type { BatchedOptions } from './matchers/batches.ts';
import { toBeInterleaved, toHaveBodyFor, toHaveFrames } from './matchers/frames.ts';
import type { ItemOf } from './matchers/item-of.ts';
import type { WantedBatch } from './matchers/match-batches.ts';
import {
  frame,
  record,
  toAnswerEveryItemOnce,
  toBeValidNdjson,
  toHaveRecordFor,
} from './matchers/records.ts';
import type { WantedRecord } from './matchers/records.ts';
import { createTestRouter } from './test-router/test-router.ts';
import { throwAll } from './test-router/leaks.ts';
import type { TestRouterOptions } from './test-router/set-up.ts';
import type { TestRouter } from './test-router/test-router.ts';

/** All matchers, by the names under which importing this module registers them. */
export const matchers = {
  toHaveBatches,
  toHaveBatchOfSize,
  toHaveBatched,
  toHaveReleasedBecause,
  toBeValidBatchPayload,
  toBeValidNdjson,
  toHaveRecordFor,
  toAnswerEveryItemOnce,
  toHaveFrames,
  toBeInterleaved,
  toHaveBodyFor,
  batchItem,
  record,
  frame,
};

expect.extend(matchers);

/** What importing `lpr-testkit/vitest` adds to `expect(…)`, and to `expect` itself as asymmetric matchers. */
export interface TestkitMatchers<R> {
  /** Exactly so many batches were released. */
  toHaveBatches(expected: number): R;
  /** Some batch had exactly so many items. */
  toHaveBatchOfSize(expected: number): R;
  /** Exactly these batches were released, each given by its size or by its items. */
  toHaveBatched(expected: readonly WantedBatch[], options?: BatchedOptions): R;
  /** Every batch, and at least one, left for this reason; of a list, each for the one in its place. */
  toHaveReleasedBecause(expected: ReleaseReason | readonly ReleaseReason[]): R;
  /** A value, JSON text or bytes are a batch event that a router may send. */
  toBeValidBatchPayload(): R;
  /** Text, bytes or a recorded stream are NDJSON of good records in a legal order. */
  toBeValidNdjson(): R;
  /** Some record or frame of this item has these fields. */
  toHaveRecordFor(item: ItemOf, expected?: WantedRecord): R;
  /** Each item of the batch has exactly one complete answer, and nobody else has one. */
  toAnswerEveryItemOnce(event?: unknown): R;
  /** The records of this item have exactly these types, in this order, and a router takes all of them. */
  toHaveFrames(item: ItemOf, expected: readonly AnswerRecord['type'][]): R;
  /** Some answer began before another one that had begun was over. */
  toBeInterleaved(): R;
  /** The answer to this item is complete and has this body: text, bytes, or JSON. */
  toHaveBodyFor(item: ItemOf, expected: unknown): R;
  /** An item of a batch that has this. */
  batchItem(expected: WantedItem): R;
  /** A record or frame, as it travels or parsed, that has this. */
  record(expected?: WantedRecord): R;
  /** A frame that has this. */
  frame(expected?: WantedRecord): R;
}

declare module 'vitest' {
  // oxlint-disable-next-line typescript/no-unused-vars -- an augmentation has to repeat the parameters
  interface Matchers<R, T> extends TestkitMatchers<R> {}
}

/** What `test` of this module hands to a test besides vitest's own. */
export interface TestkitFixtures {
  /** As `createTestRouter`; what it makes is disposed of after the test, and what it left fails that test. */
  readonly testRouter: (options: TestRouterOptions) => TestRouter;
}

/** vitest's `test` with a test router as a fixture. */
export const test: TestAPI<TestkitFixtures> = base.extend<TestkitFixtures>({
  testRouter: async ({ task: _task }, use) => {
    const routers: TestRouter[] = [];
    await use((options) => {
      const router = createTestRouter(options);
      routers.push(router);
      return router;
    });
    const ends = routers.map((router) => router[Symbol.asyncDispose]());
    const settled = await Promise.allSettled(ends);
    throwAll(settled.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : [])));
  },
});
