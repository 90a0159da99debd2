import { setImmediate } from 'node:timers/promises';
import { withBatchAdapter, withBatchAdapterStream } from 'lpr-lambda-adapter';
import type { ItemHandler } from 'lpr-lambda-adapter';
import type { BatchSafetyOptions, SafetySubject } from 'lpr-testkit';

/** A handler that leaks, as a module of its own: `create` loads it anew. */
export interface Leak {
  readonly name: string;
  readonly subject: SafetySubject;
  readonly options?: BatchSafetyOptions;
}

const load = async (path: string) => {
  await setImmediate();
  return `data of ${path}`;
};
const module = (create: () => ItemHandler): SafetySubject => ({
  create: () => withBatchAdapter(create()),
});

let transactions = 0;

export const LEAKS: readonly Leak[] = [
  {
    name: 'a module variable',
    subject: module(() => {
      let user = '';
      return async (event) => {
        user = event.rawPath;
        await setImmediate();
        return { statusCode: 200, body: user };
      };
    }),
  },
  {
    name: 'keys of a shared logger',
    subject: module(() => {
      const keys: Record<string, string> = {};
      return async (event) => {
        keys['requestId'] = event.requestContext.requestId;
        await setImmediate();
        // oxlint-disable-next-line no-console -- what is logged is looked at
        console.log(JSON.stringify({ message: 'done', ...keys }));
        return { statusCode: 204 };
      };
    }),
  },
  {
    name: 'an event that is merged into a shared one',
    subject: module(() => {
      const request: { rawPath?: string } = {};
      return async (event) => {
        Object.assign(request, event);
        await setImmediate();
        return { statusCode: 200, body: request.rawPath ?? '' };
      };
    }),
  },
  {
    name: 'a promise that is memoised for ever',
    subject: module(() => {
      let loading: Promise<string> | undefined;
      return async (event) => ({ statusCode: 200, body: await (loading ??= load(event.rawPath)) });
    }),
  },
  {
    name: 'a promise that is shared while it is in flight',
    subject: withBatchAdapter(
      (() => {
        let loading: Promise<string> | undefined;
        return async (event: { rawPath: string }) => {
          loading ??= load(event.rawPath).finally(() => (loading = undefined));
          return { statusCode: 200, body: await loading };
        };
      })(),
    ),
  },
  {
    name: 'a shared object of headers',
    subject: module(() => {
      const headers: Record<string, string> = { 'content-type': 'text/plain' };
      return async (event) => {
        headers['x-user'] = event.rawPath;
        await setImmediate();
        return { statusCode: 200, headers, body: 'ok' };
      };
    }),
  },
  {
    name: 'a shared list that is emptied at the end',
    subject: module(() => {
      const parts: string[] = [];
      return async (event) => {
        parts.push(event.rawPath);
        await setImmediate();
        return { statusCode: 200, body: parts.splice(0).join(',') };
      };
    }),
  },
  {
    name: 'a cache with too coarse a key',
    subject: module(() => {
      const cache = new Map<string, Promise<string>>();
      return async (event) => {
        const key = event.routeKey.slice(0, 3);
        if (!cache.has(key)) cache.set(key, load(event.rawPath));
        return { statusCode: 200, body: await cache.get(key)! };
      };
    }),
  },
  {
    name: 'a variable of the environment',
    subject: withBatchAdapter(async (event) => {
      process.env['LPR_TEST_TENANT'] = event.rawPath;
      await setImmediate();
      return { statusCode: 200, body: process.env['LPR_TEST_TENANT'] };
    }),
  },
  {
    name: 'the position of a shared regular expression',
    subject: module(() => {
      const letters = /[a-z]/g;
      return async (event) => {
        const found: string[] = [];
        letters.lastIndex = 0;
        for (let match = letters.exec(event.rawPath); match; match = letters.exec(event.rawPath)) {
          found.push(match[0]);
          await setImmediate();
        }
        return { statusCode: 200, body: found.join('') };
      };
    }),
  },
  {
    name: 'a shared buffer, in a streaming handler',
    subject: {
      create: () => {
        const buffer = Buffer.alloc(64);
        return withBatchAdapterStream(async (event) => {
          const length = buffer.write(event.rawPath);
          await setImmediate();
          return { statusCode: 200, body: buffer.toString('utf8', 0, length) };
        });
      },
    },
  },
  {
    name: 'a transaction that others find open',
    subject: {
      create: () => {
        transactions = 0;
        let open = false;
        return withBatchAdapter(async () => {
          if (!open) transactions += 1;
          open = true;
          await setImmediate();
          open = false;
          return { statusCode: 204 };
        });
      },
    },
    options: { state: () => ({ transactions }) },
  },
];
