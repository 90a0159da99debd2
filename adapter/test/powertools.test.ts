import { createRequire } from 'node:module';
import { lambdaContext } from 'lpr-testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withBatchAdapter } from '../src/buffered-handler.ts';
import { itemStore } from '../src/invoke-store.ts';
import { withBatchAdapterStream } from '../src/streaming-handler.ts';
import { batchEvent, batchOf, itemEvent } from './support/events.ts';
import { createPowertoolsApp, readPowertoolsLines } from './support/powertools-app.ts';
import { PlainSink } from './support/sinks.ts';

interface Store {
  get(key: string | symbol): unknown;
  set(key: string | symbol, value: unknown): void;
  run<T>(context: object, run: () => T): T;
  hasContext(): boolean;
  getRequestId(): string;
  getXRayTraceId(): string | undefined;
}
const scope = globalThis as { awslambda?: { InvokeStore?: Store } | undefined };

const require = createRequire(import.meta.url);
const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
  // Powertools write to the global console then.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'hello');
  vi.stubEnv('AWS_LAMBDA_MAX_CONCURRENCY', undefined);
  vi.stubEnv('_X_AMZN_TRACE_ID', undefined);
  const keep = (line: unknown) => void lines.push(String(line));
  vi.spyOn(console, 'info').mockImplementation(keep);
  vi.spyOn(console, 'log').mockImplementation(keep);
  vi.spyOn(console, 'warn').mockImplementation(keep);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  delete scope.awslambda;
});

const EACH_ITS_OWN = {
  logs: [
    ['a', 'a'],
    ['b', 'b'],
    ['c', 'c'],
  ],
  metrics: [
    ['a', 1, 'a'],
    ['b', 1, 'b'],
    ['c', 1, 'c'],
  ],
};

describe('AWS Powertools with three items at once', () => {
  it('mix them up without `itemStore`, which is what it is for', async () => {
    await withBatchAdapter(createPowertoolsApp().handler)(batchOf('a', 'b', 'c'), lambdaContext());
    const seen = readPowertoolsLines(lines);
    expect(seen.logs.map(([, item]) => item)).toEqual(['c', 'c', 'c']);
    expect(seen.metrics).not.toEqual(EACH_ITS_OWN.metrics);
  });

  it('log and count each for itself with it, buffered', async () => {
    const { handler } = createPowertoolsApp();
    await withBatchAdapter(handler, { around: itemStore })(batchOf('a', 'b', 'c'), lambdaContext());
    expect(readPowertoolsLines(lines)).toEqual(EACH_ITS_OWN);
  });

  it('log and count each for itself with it, streamed, twice in one environment', async () => {
    const { handler } = createPowertoolsApp();
    const wrapped = withBatchAdapterStream(handler, { around: itemStore });
    for (const _ of [1, 2]) {
      lines.length = 0;
      await wrapped(batchOf('a', 'b', 'c'), new PlainSink(), lambdaContext());
      expect(readPowertoolsLines(lines)).toEqual(EACH_ITS_OWN);
    }
  });

  it('charge each once, and answer a repeated batch from what was kept', async () => {
    const { handler, charges } = createPowertoolsApp();
    const wrapped = withBatchAdapter(handler, { around: itemStore });
    const batch = () => batchEvent(['a', 'b', 'c'].map((id) => itemEvent(id, { body: 'charge' })));
    const first = await wrapped(batch(), lambdaContext());
    const second = await wrapped(batch(), lambdaContext());
    expect(first.responses.map(({ body }) => body)).toEqual(
      ['a', 'b', 'c'].map((id) => `{"charged":"${id}"}`),
    );
    expect(second).toEqual(first);
    expect(charges).toEqual(['a', 'b', 'c']);
  });
});

describe('itemStore', () => {
  const REQUEST_ID = Symbol.for('_AWS_LAMBDA_REQUEST_ID');
  const TRACE_ID = Symbol.for('_AWS_LAMBDA_X_RAY_TRACE_ID');
  const call = { requestId: 'a' };

  /** The real store of a runtime that answers one invocation at a time. */
  async function runtimeStore(): Promise<Store> {
    const file = require.resolve('@aws/lambda-invoke-store');
    delete require.cache[file];
    const { InvokeStore } = require(file) as {
      InvokeStore: { getInstanceAsync(): Promise<Store> };
    };
    return InvokeStore.getInstanceAsync();
  }

  it('lies over the store of the runtime, which keeps the invocation', async () => {
    const outer = await runtimeStore();
    outer.run({ [REQUEST_ID]: 'aws-1', [TRACE_ID]: 'Root=1-a' }, () => undefined);
    outer.set('shared', ['of the invocation']);
    const inside = itemStore(call, () => {
      const store = scope.awslambda!.InvokeStore!;
      store.set('key', 'mine');
      return [
        store.getRequestId(),
        store.getXRayTraceId(),
        store.get('key'),
        store.get('shared'),
        store.hasContext(),
      ];
    });
    expect(inside).toEqual(['aws-1', 'Root=1-a', 'mine', undefined, true]);
    const store = scope.awslambda!.InvokeStore!;
    expect([store.get('key'), store.get('shared')]).toEqual([undefined, ['of the invocation']]);
    store.set('later', 1);
    expect(outer.get('later')).toBe(1);
    expect(store.run({ key: 'other' }, () => store.get('key'))).toBe('other');
    expect(await runtimeStore()).toBe(store);
  });

  it('is made once, whichever copy of the module comes first, and works without a runtime', async () => {
    const specifier = '../src/invoke-store.ts?copy';
    const copy = (await import(specifier)) as { itemStore: typeof itemStore };
    itemStore(call, () => undefined);
    const store = scope.awslambda?.InvokeStore;
    copy.itemStore(call, () => undefined);
    expect(scope.awslambda?.InvokeStore).toBe(store);
    expect(store?.getRequestId()).toBe('-');
    expect(store?.hasContext()).toBe(false);
    expect(() => store?.set('key', 1)).toThrow('No context available');
  });

  it("refuses to write what is Lambda's, as the real store does", async () => {
    const outer = await runtimeStore();
    const messages = [outer, itemStore(call, () => scope.awslambda!.InvokeStore!)].map((store) => {
      try {
        store.set(REQUEST_ID, 'x');
        return 'no error';
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(messages[0]).toMatch(/^Cannot modify protected/);
    expect(messages[1]).toBe(messages[0]);
  });

  it('tells libraries that requests overlap, and keeps the trace id of X-Ray current', async () => {
    const outer = await runtimeStore();
    for (const traceId of ['Root=1-a', 'Root=1-b', undefined]) {
      outer.run({ [TRACE_ID]: traceId }, () => itemStore(call, () => undefined));
      expect(process.env['AWS_LAMBDA_MAX_CONCURRENCY']).toBe('1');
      expect(process.env['_X_AMZN_TRACE_ID']).toBe(traceId);
    }
  });

  it('leaves both variables alone where invocations overlap anyway', async () => {
    vi.stubEnv('AWS_LAMBDA_MAX_CONCURRENCY', '8');
    const outer = await runtimeStore();
    outer.run({ [TRACE_ID]: 'Root=1-a' }, () => itemStore(call, () => undefined));
    expect(process.env['AWS_LAMBDA_MAX_CONCURRENCY']).toBe('8');
    expect(process.env['_X_AMZN_TRACE_ID']).toBeUndefined();
  });

  it('returns what the handler returns, and can be put inside another hook', async () => {
    const handler = withBatchAdapter(() => 'ok', {
      around: (item, next) => itemStore(item, async () => `<${String(await next())}>`),
    });
    expect((await handler(batchOf('a'))).responses[0]?.body).toBe('<ok>');
  });
});
