import { AdapterError } from './errors.ts';
import type { BatchItem, ItemContext } from './item.ts';
import type { LambdaContext } from './lambda-types.ts';

/** Lambda's longest timeout: what is left when neither Lambda nor the router says how long that is. */
const MAX_TIMEOUT_MS = 900_000;

/**
 * A context of its own for one item: a copy of Lambda's (nested objects included) with the item in it.
 * `getRemainingTimeInMillis()` is the smaller of Lambda's and the time to the item's deadline.
 * Without a Lambda context, or with an incomplete one, its other fields are missing.
 */
export function itemContext(context: unknown, item: BatchItem): ItemContext {
  const lambda = asContext(context);
  const own: Draft = Object.assign(Object.create(Object.getPrototypeOf(lambda)), lambda);
  // Cloning is only paid for where a mobile SDK invoked: the router sends neither.
  for (const name of ['identity', 'clientContext'] as const) {
    if (own[name]) {
      own[name] = structuredClone<never>(own[name] as never);
    }
  }
  own.getRemainingTimeInMillis = () => {
    const lambdaMs = lambda.getRemainingTimeInMillis?.() ?? MAX_TIMEOUT_MS;
    return Math.max(0, Math.min(lambdaMs, (item.deadlineMs ?? Infinity) - Date.now()));
  };
  own.done = own.fail = own.succeed = refuseCallback;
  own.item = item;
  // Not read before it is asked for: a signal costs more than the rest of the context.
  Object.defineProperty(own, 'signal', SIGNAL);
  return own;
}

const SIGNAL: PropertyDescriptor & ThisType<ItemContext> = {
  configurable: true,
  enumerable: true,
  get() {
    return this.item?.signal;
  },
};

/** Lambda's context, or an empty one where something else came. */
export function asContext(context: unknown): Partial<LambdaContext> {
  return typeof context === 'object' && context !== null ? context : {};
}

type Draft = { -readonly [Name in keyof ItemContext]: ItemContext[Name] };

function refuseCallback(): never {
  throw new AdapterError(
    'LPR_CONTEXT_CALLBACK',
    'context.done, .fail, .succeed',
    'unused: it would end the whole batch, so return the answer instead',
    'a call',
  );
}
