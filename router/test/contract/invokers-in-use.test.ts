import { expect, onTestFinished, test, vi } from 'vitest';
import { INVOKERS, startOverLambda } from './lambda.ts';
import { idle } from './observe.ts';
import { WAIT } from './raw-client.ts';

/** The AWS SDK's own bound is 50 sockets. */
const MOST = 70;

test.each(INVOKERS)(
  'as many invocations run at a time as MaxInflightInvocations says, through `%s`',
  async (invoker) => {
    const { url, router, lambda } = await startOverLambda(
      { type: 'stalled', chunks: [] },
      invoker,
      {},
      { MaxInflightInvocations: MOST },
    );
    const controller = new AbortController();
    onTestFinished(() => controller.abort());
    const { signal } = controller;
    const sent = Array.from({ length: MOST + 1 }, (_, n) => fetch(`${url}/a?${n}`, { signal }));
    await vi.waitFor(() => expect(lambda.received).toHaveLength(MOST), WAIT);
    expect(router.stats()).toMatchObject({ inflightInvocations: MOST, waitingBatches: 1 });
    controller.abort();
    await Promise.allSettled(sent);
    await idle(router);
    expect(lambda.received).toHaveLength(MOST);
  },
);
