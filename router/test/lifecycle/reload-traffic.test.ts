import { compileConfig, manifestFromObject } from 'lpr-router';
import type { RouterConfig } from 'lpr-router';
import { answerBatch } from 'lpr-testkit';
import { expect, test, vi } from 'vitest';
import { idle, settledRequests } from '../contract/observe.ts';
import { WAIT } from '../contract/raw-client.ts';
import { FUNCTION_ARN, operation, startRouter } from '../support/router.ts';

const FUNCTIONS = ['one', 'two'].map((name) => FUNCTION_ARN.replace(/[^:]+$/, name));

/** The same route before either function, in batches of up to four. */
function configFor(functionArn: string): RouterConfig {
  const get = { ...operation({ maxWaitMs: 1, maxBatchSize: 4 }), 'x-target-lambda': functionArn };
  const manifest = { ListenAddr: '127.0.0.1:0', Spec: { paths: { '/a': { get } } } };
  return compileConfig(manifestFromObject(manifest));
}

test('reloads under traffic lose nobody, and no batch mixes two configurations', async () => {
  const configs = FUNCTIONS.map(configFor);
  const { url, router, invoker } = await startRouter({
    config: configs[0]!,
    answer: (event, { functionArn }) =>
      answerBatch(event, (item) => ({ body: `${functionArn} ${item.rawQueryString}` })),
  });
  const settled = settledRequests(router);
  for (let round = 0; round < 40; round += 1) {
    const functionArn = FUNCTIONS[round % 2]!;
    router.reload(configs[round % 2]!);
    const answers = Array.from({ length: 6 }, (_, n) => fetch(`${url}/a?${round}-${n}`));
    // The next reload comes while these are on their way.
    if (round % 3 !== 0) continue;
    const bodies = await Promise.all(answers.map(async (answer) => (await answer).text()));
    expect(bodies).toEqual(bodies.map((_, n) => `${functionArn} ${round}-${n}`));
  }
  await vi.waitFor(() => expect(settled).toHaveLength(240), WAIT);
  await idle(router);
  expect(new Set(settled.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(invoker.invocations.map(({ functionArn }) => functionArn))).toEqual(
    new Set(FUNCTIONS),
  );
});

test('a batch that is open when the configuration changes goes to the function it was meant for', async () => {
  const [before, after] = FUNCTIONS.map(configFor) as [RouterConfig, RouterConfig];
  const held = {
    ...before,
    operations: [{ ...before.operations[0]!, maxWaitMs: 10_000, maxBatchSize: 2 }],
  };
  const { url, router, invoker } = await startRouter({ config: held });
  const first = fetch(`${url}/a?1`);
  await vi.waitFor(() => expect(router.stats().openBatches).toBe(1), WAIT);
  router.reload(after);
  expect((await fetch(`${url}/a?2`)).status).toBe(200);
  expect(router.stats().openBatches).toBe(1);
  void router.close();
  expect((await first).status).toBe(200);
  expect(invoker.invocations.map(({ functionArn }) => functionArn)).toEqual(FUNCTIONS.toReversed());
});
