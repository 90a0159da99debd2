import { createRouter } from 'lpr-router';
import type { Invoker } from 'lpr-router';
import { thisMachine, today } from './machine.ts';
import { saveFigures, writePage } from './results.ts';

/** Usage: `node --expose-gc src/live-keys.ts`. What do 10,000 live batch keys cost while nothing happens? */
const KEYS = 10_000;

const collect = globalThis.gc;
if (!collect) throw new Error('Expected `node --expose-gc`');

interface Item {
  readonly requestContext: { readonly requestId: string };
}

const invoker: Invoker = {
  async invoke({ payload }) {
    const { batch } = JSON.parse(Buffer.from(payload).toString()) as { batch: Item[] };
    const responses = batch.map(({ requestContext }) => ({
      id: requestContext.requestId,
      statusCode: 204,
    }));
    return { type: 'buffered', bytes: Buffer.from(JSON.stringify({ v: 1, responses })) };
  },
};
const router = await createRouter({
  invoker,
  config: {
    // So long that every key is still alive when it is looked at.
    IdleTtlMs: 600_000,
    Spec: {
      paths: {
        '/': {
          get: {
            'x-target-lambda': 'arn:aws:lambda:eu-west-1:123456789012:function:keys',
            'x-lpr': {
              maxWaitMs: 5,
              maxBatchSize: 16,
              key: ['header:x-tenant'],
              dynamicWait: { minWaitMs: 0 },
            },
          },
        },
      },
    },
  },
});
const ask = async (tenant: number) => {
  const { statusCode } = await router.inject({ url: '/', headers: { 'x-tenant': `t-${tenant}` } });
  if (statusCode !== 204) throw new Error(`Expected 204, got ${statusCode}`);
};
const heapMegabytes = () => {
  collect();
  return process.memoryUsage().heapUsed / 1e6;
};
const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

for (let n = 0; n < 1000; n += 1) await ask(0);
const [heapBefore, timersBefore] = [heapMegabytes(), timers()];
for (let tenant = 1; tenant <= KEYS; tenant += 1) await ask(tenant);
const [heapAfter, timersAfter] = [heapMegabytes(), timers()];
const megabytes = Math.round((heapAfter - heapBefore) * 10) / 10;
process.stdout.write(
  `${KEYS} live keys: ${megabytes} MB of heap, ` +
    `${timersAfter} timers pending (${timersBefore} with one key)\n`,
);
await saveFigures('live-keys', {
  date: today(),
  machine: thisMachine(),
  keys: KEYS,
  megabytes,
  timers: timersAfter,
  timersOfOneKey: timersBefore,
});
process.stdout.write(`Wrote ${await writePage()}\n`);
