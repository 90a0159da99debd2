import type { BatchItem, ItemContext } from './item.ts';
import type { LambdaContext } from './lambda-types.ts';
import { MAX_TIMEOUT_MS } from './limits.ts';

/**
 * A context of its own for one item: a copy of Lambda's (nested objects included) with the item in it.
 * `getRemainingTimeInMillis()` is the smaller of Lambda's and the time to the item's deadline.
 * Without a Lambda context, or with an incomplete one, its other fields are missing; `done`, `fail` and `succeed` always are.
 */
export function itemContext(context: unknown, item: BatchItem): ItemContext {
  const lambda = Object(context) as LambdaContext;
  const { identity, clientContext } = lambda;
  return {
    // Whatever else the context of a runtime can do.
    __proto__: Object.getPrototypeOf(lambda) as object,
    ...lambda,
    // Cloning is only paid for where a mobile SDK invoked: the router sends neither.
    identity: identity && structuredClone(identity),
    clientContext: clientContext && structuredClone(clientContext),
    getRemainingTimeInMillis: () => Math.min(remainingMs(lambda), msUntil(item.deadlineMs)),
    // They would end the whole batch.
    done: undefined as never,
    fail: undefined as never,
    succeed: undefined as never,
    item,
    signal: item.signal,
  } as ItemContext;
}

/** What is left of Lambda's timeout, in ms; as much as there can be where nobody says. */
export const remainingMs = (context: unknown): number =>
  (context as Partial<LambdaContext> | null | undefined)?.getRemainingTimeInMillis?.() ??
  MAX_TIMEOUT_MS;

/** Milliseconds until then, at least 0 and at most what Lambda could run. */
export const msUntil = (deadlineMs = Infinity): number =>
  Math.max(0, Math.min(MAX_TIMEOUT_MS, deadlineMs - Date.now()));
