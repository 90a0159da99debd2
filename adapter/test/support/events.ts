import { batchEvent as batchOfItems, httpEvent } from 'lpr-testkit';
import type { BatchLike } from 'lpr-protocol';
import type { ItemEvent } from '../../src/lambda-types.ts';

const ROUTE = '/hello/{id}';

/** A request for `/hello/{id}` by its own id, as handlers see it; the overrides need not be what a router sends. */
export function itemEvent(requestId: string, overrides: Partial<ItemEvent> = {}): ItemEvent {
  const event = httpEvent({ id: requestId, path: `/hello/${requestId}`, route: ROUTE });
  // As the router, it has no account, API or certificate fields, which the type of AWS demands.
  return { ...(event as unknown as ItemEvent), ...overrides };
}

/** A batch of requests with these ids, as it arrives: freshly parsed, so that nothing in it is shared. */
export function batchOf(...requestIds: string[]): BatchLike {
  return batchEvent(requestIds.map((id) => itemEvent(id)));
}

/** A batch of these items, good or bad, freshly parsed. */
export function batchEvent(items: readonly unknown[]): BatchLike {
  const batch = { ...batchOfItems([], ROUTE), batch: items };
  return JSON.parse(JSON.stringify(batch)) as BatchLike;
}
