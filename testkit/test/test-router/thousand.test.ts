import { expect, it } from 'vitest';
import { runThousandTests } from './thousand/run.ts';

// How long they take is for `bench/src/test-router.ts` to say: here other tests run at the same time.
it('passes a thousand tests with a router each', async () => {
  expect(await runThousandTests()).toMatchObject({ success: true, passed: 1000, total: 1000 });
}, 120_000);
