import type { BatchEvent } from 'lpr-protocol';
import { answerBatch } from 'lpr-testkit';
import { test } from 'lpr-testkit/vitest';
import { expect } from 'vitest';

// A thousand tests as users write them; `run.ts` beside has them run by a vitest of their own.
for (let number = 1; number <= 1000; number += 1) {
  test(`window ${number}`, async ({ testRouter }) => {
    const handler = (event: BatchEvent) => answerBatch(event, { body: String(number) });
    const router = testRouter({
      routes: { '/a': { get: { handler, maxWaitMs: 30, maxBatchSize: 3 } } },
    });
    const answers = Array.from({ length: 4 }, () => router.request('/a'));
    await router.advance(30);
    expect(router).toHaveBatched([3, 1]);
    for (const { body } of await Promise.all(answers)) expect(body).toBe(String(number));
  });
}
