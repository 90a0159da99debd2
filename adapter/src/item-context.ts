import { AdapterError, AdapterErrorCode } from './errors.ts';
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
  if (own.identity) {
    own.identity = structuredClone(own.identity);
  }
  if (own.clientContext) {
    own.clientContext = structuredClone(own.clientContext);
  }
  own.getRemainingTimeInMillis = () => {
    const lambdaMs = lambda.getRemainingTimeInMillis?.() ?? MAX_TIMEOUT_MS;
    const { deadlineMs = Infinity } = item;
    return Math.max(0, Math.min(lambdaMs, deadlineMs - Date.now()));
  };
  own.done = own.fail = own.succeed = refuseCallback;
  own.item = item;
  return own;
}

/** What the adapter knows about an event with this id: its deadline too, when the router sent one. */
export function batchItem(event: unknown, requestId: string): BatchItem {
  const { requestContext } = event as {
    requestContext?: { lpr?: { deadlineMs?: unknown } | null };
  };
  const deadlineMs = requestContext?.lpr?.deadlineMs;
  return Number.isFinite(deadlineMs)
    ? { requestId, deadlineMs: deadlineMs as number }
    : { requestId };
}

/** The invocation's id; `undefined` without a Lambda context. */
export function awsRequestIdOf(context: unknown): string | undefined {
  return asContext(context).awsRequestId;
}

type Draft = { -readonly [Name in keyof ItemContext]: ItemContext[Name] };

function asContext(context: unknown): Partial<LambdaContext> {
  return typeof context === 'object' && context !== null ? context : {};
}

function refuseCallback(): never {
  const wanted = 'unused: it would end the whole batch, so return the answer instead';
  throw new AdapterError(
    AdapterErrorCode.ContextCallback,
    'context.done, .fail, .succeed',
    wanted,
    'a call',
  );
}
