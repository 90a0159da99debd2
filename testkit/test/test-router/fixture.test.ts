import type { BatchEvent } from 'lpr-protocol';
import { answerBatch } from 'lpr-testkit';
import type { TestRouter } from 'lpr-testkit';
import { test } from 'lpr-testkit/vitest';
import { describe, expect } from 'vitest';

async function expectOwnAnswers(router: TestRouter, name: string): Promise<void> {
  const answers = Array.from(name, () => router.request('/a'));
  await router.idle();
  expect(router).toHaveBatched([name.length]);
  for (const { body } of await Promise.all(answers)) expect(body).toBe(name);
}

describe('test routers side by side', () => {
  for (const name of ['one', 'two', 'three', 'four']) {
    test.concurrent(`do not touch each other: ${name}`, async ({ testRouter }) => {
      const router = testRouter({
        routes: {
          '/a': { get: { handler: (event: BatchEvent) => answerBatch(event, { body: name }) } },
        },
      });
      await expectOwnAnswers(router, name);
    });
  }

  test.fails('fails the test that leaves something behind', ({ testRouter }) => {
    void testRouter({ routes: { '/a': { get: {} } } }).request('/a');
  });
});
