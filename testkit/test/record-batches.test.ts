import { startEmulator } from 'lpr-emulator';
import { createRouter } from 'lpr-router';
import { fileURLToPath } from 'node:url';
import { createTestRouter, fakeInvoker, recordBatches, VirtualClock } from 'lpr-testkit';
import 'lpr-testkit/vitest';
import { expect, it } from 'vitest';

const lambda = 'arn:aws:lambda:eu-west-1:123456789012:function:hello';
const get = { 'x-target-lambda': lambda, 'x-lpr': { maxWaitMs: 5, maxBatchSize: 1 } };
const config = { Spec: { paths: { '/a': { get } } } };
const options = {
  config,
  invoker: fakeInvoker(() => ({ v: 1, responses: [] })),
  clock: new VirtualClock(),
};

it("records one router's batches, until it is told to stop", async () => {
  await using router = await createRouter(options);
  await using other = await createRouter(options);
  await router.inject('/a');
  using recorder = recordBatches(router);
  await router.inject('/a?x=1');
  await other.inject('/a');
  expect(recorder).toHaveBatched([['/a?x=1']]);
  recorder.stop();
  await router.inject('/a');
  expect(recorder).toHaveBatches(1);
});

it('takes nothing that it could only be silent about', async () => {
  await using testRouter = createTestRouter({ routes: {} });
  for (const wrong of [testRouter, undefined, {}]) {
    expect(() => recordBatches(wrong as never)).toThrow('Expected a router or an emulator, got');
  }
});

it('takes a running emulator, and what it has recorded', async () => {
  const handler = fileURLToPath(
    new URL('conformance/functions/conformance.buffered', import.meta.url),
  );
  await using emulator = await startEmulator({ handler, port: 0 });
  expect(emulator).toHaveBatches(0);
  expect((await emulator.inject('/a?x=1')).statusCode).toBe(200);
  expect(emulator).toHaveBatched([['GET /a?x=1']]);
  expect(emulator.batches()).toHaveReleasedBecause('window');
  expect(emulator.batches()[0]).toHaveBatchOfSize(1);
});
