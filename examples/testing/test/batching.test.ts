import { createTestRouter } from 'lpr-testkit';
import { test } from 'lpr-testkit/vitest';
import { expect } from 'vitest';
import { handler } from '../src/hello.ts';

const routes = {
  '/hello/{name}': { get: { handler, maxWaitMs: 50, maxBatchSize: 3, key: ['header:x-tenant'] } },
};

test('the fourth request waits for its own window', async ({ testRouter }) => {
  const router = testRouter({ routes });
  const answers = ['ada', 'grace', 'barbara', 'frances'].map((name) =>
    router.request(`/hello/${name}`),
  );

  await router.advance(49);
  expect(router).toHaveBatched([3]);
  await router.advance(1);
  expect(router).toHaveBatched([3, ['/hello/frances']]);
  expect(router).toHaveReleasedBecause(['full', 'window']);
  expect((await answers[3]!).json()).toEqual({ hello: 'frances' });
});

test('tenants never share a batch', async () => {
  await using router = createTestRouter({ routes });
  for (const tenant of ['red', 'blue', 'red']) {
    void router.request({ path: '/hello/ada', headers: { 'x-tenant': tenant } });
  }
  await router.idle();

  expect(router).toHaveBatched([1, 2], { anyOrder: true });
  expect(router.batches[0]?.items).toContainEqual(
    expect.batchItem({ headers: { 'x-tenant': 'red' } }),
  );
});
