import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { withBatchAdapter, withBatchAdapterStream, withNativeBatch } from 'lpr-lambda-adapter';
import type { BatchSafetyOptions, TestHandler } from 'lpr-testkit';

export interface Clean {
  readonly name: string;
  readonly handler: TestHandler;
  readonly options?: BatchSafetyOptions;
}

const cache = new Map<string, Promise<string>>();
const storage = new AsyncLocalStorage<string>();
let served = 0;

export const CLEAN: readonly Clean[] = [
  { name: 'a constant', handler: withBatchAdapter(() => ({ statusCode: 204 })) },
  {
    name: 'an echo',
    handler: withBatchAdapter(async ({ rawPath }) => {
      await setImmediate();
      return { statusCode: 200, body: rawPath };
    }),
  },
  {
    name: 'random ids and times in the answer',
    handler: withBatchAdapter(async () => ({
      statusCode: 200,
      body: JSON.stringify({ id: randomUUID(), at: performance.now(), ok: true }),
    })),
  },
  {
    name: 'its own request id in the answer and the log',
    handler: withBatchAdapter(async ({ requestContext: { requestId } }) => {
      // oxlint-disable-next-line no-console -- what is logged is looked at
      console.log('begin', requestId);
      await setImmediate();
      // oxlint-disable-next-line no-console -- what is logged is looked at
      console.log({ requestId, at: Date.now() });
      return { statusCode: 200, body: requestId };
    }),
  },
  {
    name: 'a cache with the whole key',
    handler: withBatchAdapter(async ({ rawPath }) => {
      if (!cache.has(rawPath)) cache.set(rawPath, setImmediate(rawPath));
      return { statusCode: 200, body: await cache.get(rawPath)! };
    }),
    options: { state: () => [...cache.keys()].toSorted() },
  },
  {
    name: 'an AsyncLocalStorage',
    handler: withBatchAdapter(({ rawPath }) =>
      storage.run(rawPath, async () => {
        await setImmediate();
        return { statusCode: 200, body: storage.getStore() ?? '' };
      }),
    ),
  },
  {
    name: 'a counter that no answer shows',
    handler: withBatchAdapter(async () => {
      served += 1;
      await setImmediate();
      return { statusCode: served > 0 ? 200 : 500 };
    }),
  },
  {
    name: 'failures of some requests, after different times',
    handler: withBatchAdapter(
      async ({ rawPath }) => {
        await setTimeout(rawPath.length % 3);
        if (rawPath === '/b') throw new Error('no b');
        return { statusCode: 200, body: rawPath };
      },
      { onError: () => {} },
    ),
  },
  {
    name: 'streamed bodies',
    handler: withBatchAdapterStream(async ({ rawPath }) => ({
      statusCode: 200,
      body: (async function* () {
        yield rawPath;
        await setImmediate();
        yield '!';
      })(),
    })),
  },
  {
    name: 'one query for the whole batch',
    handler: withNativeBatch(async (items) => {
      const rows = await setImmediate(items.map(({ event }) => event.rawPath));
      return items.map(({ requestId }, index) => ({
        id: requestId,
        statusCode: 200,
        body: rows[index]!,
      }));
    }),
  },
];
