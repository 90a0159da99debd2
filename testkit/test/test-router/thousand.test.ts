import { createTestRouter } from 'lpr-testkit';
import 'lpr-testkit/vitest';
import { expect, it } from 'vitest';
import { answerEach } from './answer-each.ts';

// How long they take is measured, not asserted: see the file's duration in the report.
it('proves a thousand windows, each with a router of its own', async () => {
  for (let index = 0; index < 1000; index += 1) {
    await using router = createTestRouter({
      routes: { '/a': { get: { handler: answerEach('ok'), maxWaitMs: 30, maxBatchSize: 3 } } },
    });
    const answers = Array.from({ length: 4 }, () => router.request('/a'));
    await router.advance(30);
    expect(router).toHaveBatched([3, 1]);
    for (const { status } of await Promise.all(answers)) expect(status).toBe(200);
  }
});
