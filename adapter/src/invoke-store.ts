import { AsyncLocalStorage } from 'node:async_hooks';
import type { ItemAnswer } from './item.ts';
import type { ItemCall } from './options.ts';

export type { ItemCall } from './options.ts';

/** What `@aws/lambda-invoke-store` keeps for one invocation: here, for one item. */
interface InvokeContext {
  [key: string | symbol]: unknown;
}

/** The part of the store that reads and writes; every other method is made of these. */
interface InvokeStore {
  getContext(): InvokeContext | undefined;
  hasContext(): boolean;
  get(key: string | symbol): unknown;
  set(key: string | symbol, value: unknown): void;
  run<Result>(context: InvokeContext, run: () => Result): Result;
}

interface LambdaScope {
  awslambda?: { InvokeStore?: InvokeStore };
}

const CONCURRENCY_VARIABLE = 'AWS_LAMBDA_MAX_CONCURRENCY';
const TRACE_ID_VARIABLE = '_X_AMZN_TRACE_ID';
const PREFIX = '_AWS_LAMBDA_';
const TRACE_ID = Symbol.for(`${PREFIX}X_RAY_TRACE_ID`);

/** Methods of the store by the name of the protected key that each reads. */
const GETTERS = {
  getRequestId: 'REQUEST_ID',
  getXRayTraceId: 'X_RAY_TRACE_ID',
  getTenantId: 'TENANT_ID',
  getTraceparent: 'TRACEPARENT',
  getTracestate: 'TRACESTATE',
  getBaggage: 'BAGGAGE',
};

/** Marks a store that keeps items apart, made by whichever copy of this module. */
const ITEMS = Symbol.for('lpr-lambda-adapter/invoke-store');

/**
 * An `around` that gives each item a store of its own in `@aws/lambda-invoke-store`, where AWS Powertools (Logger,
 * Metrics) and others keep the state of "the" request. Without it, items that run at once share that state: log lines
 * carry another item's keys, and metrics of several tenants become one record. Objects made earlier are covered.
 * It replaces `awslambda.InvokeStore` and sets `AWS_LAMBDA_MAX_CONCURRENCY`, by which libraries know that requests overlap.
 * @example withBatchAdapter(handler, { around: itemStore })
 * @example around: (call, next) => itemStore(call, () => logged(call, next))
 */
export function itemStore<Answer = ItemAnswer>(
  _call: Pick<ItemCall, 'requestId'>,
  next: () => Answer,
): Answer {
  const store = install();
  const protectedKeys = Object.values(GETTERS).map((name) => Symbol.for(PREFIX + name));
  // Only what Lambda says of the invocation: what a library put there may not be shared.
  const own = Object.fromEntries(protectedKeys.map((key) => [key, store.get(key)]));
  return store[ITEMS].run(own, next);
}

/** The store that keeps items apart, in the place of the runtime's. */
function install(): ItemInvokeStore {
  const { awslambda } = globalThis as LambdaScope;
  const scope = awslambda ?? ((globalThis as LambdaScope).awslambda = {});
  const outer = scope.InvokeStore;
  const store = isItemStore(outer) ? outer : (scope.InvokeStore = createStore(outer));
  if (store.setsTraceId ?? !process.env[CONCURRENCY_VARIABLE]) {
    store.setsTraceId = true;
    process.env[CONCURRENCY_VARIABLE] = '1';
    // The runtime leaves this variable alone once it sees the other one, and X-Ray's SDK reads no store.
    const traceId = store.get(TRACE_ID);
    if (typeof traceId === 'string') {
      process.env[TRACE_ID_VARIABLE] = traceId;
    } else {
      delete process.env[TRACE_ID_VARIABLE];
    }
  }
  store.setsTraceId ??= false;
  return store;
}

interface ItemInvokeStore extends InvokeStore {
  readonly [ITEMS]: AsyncLocalStorage<InvokeContext>;
  /** Whether this process was not concurrent before, so that one trace id holds for all of it. */
  setsTraceId?: boolean;
}

function isItemStore(store: InvokeStore | undefined): store is ItemInvokeStore {
  return store !== undefined && ITEMS in store;
}

/** A store over the runtime's: an item sees its own context, everything else the runtime's. */
function createStore(outer: InvokeStore | undefined): ItemInvokeStore {
  const items = new AsyncLocalStorage<InvokeContext>();
  const getContext = () => items.getStore() ?? outer?.getContext();
  const get = (key: string | symbol) => getContext()?.[key];
  const getters = Object.entries(GETTERS).map(([method, name]) => {
    const key = Symbol.for(PREFIX + name);
    return [method, method === 'getRequestId' ? () => get(key) ?? '-' : () => get(key)] as const;
  });
  const store: ItemInvokeStore = {
    [ITEMS]: items,
    getContext,
    hasContext: () => getContext() !== undefined,
    get,
    set(key, value) {
      if (typeof key === 'symbol' && key.description?.startsWith(PREFIX)) {
        throw new Error(`Cannot modify protected Lambda context field: ${String(key)}`);
      }
      const context = getContext();
      if (context === undefined) {
        throw new Error('No context available');
      }
      context[key] = value;
    },
    run: (context, run) => items.run(context, run),
  };
  return Object.assign(Object.create(outer ?? null) as object, store, Object.fromEntries(getters));
}
