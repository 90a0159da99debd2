import { isBatchEvent, itemId } from 'lpr-protocol';

/** One item of a batch. */
export interface BatchItem {
  readonly id: string;
  readonly event: unknown;
  /** Epoch ms; `undefined` when nobody named one. */
  readonly deadline: number | undefined;
}

/** What an event turned out to be. */
export type ReadEvent =
  | { readonly type: 'other' }
  | { readonly type: 'batch'; readonly items: readonly BatchItem[] }
  | { readonly type: 'bad_batch'; readonly message: string };

/**
 * Recognises a batch among events. Only items with an `id` each, and none twice, can be answered one by
 * one; `outerDeadline` (epoch ms) bounds theirs.
 */
export function readEvent(bytes: Buffer, outerDeadline: number | undefined): ReadEvent {
  // Other events, which may be large, are not parsed at all.
  if (!bytes.includes('"batch"')) return { type: 'other' };
  const event = parse(bytes);
  if (!isBatchEvent(event)) return { type: 'other' };
  const seen = new Set<string>();
  const items: BatchItem[] = [];
  for (const [index, item] of event.batch.entries()) {
    const id = itemId(item);
    if (id === undefined) return bad(`Expected \`batch[${index}]\` to have an id, got none`);
    if (seen.has(id)) return bad(`Expected the ids of a batch to differ, got \`${id}\` twice`);
    seen.add(id);
    items.push({ id, event: item, deadline: earlier(itemDeadline(item), outerDeadline) });
  }
  return { type: 'batch', items };
}

function bad(message: string): ReadEvent {
  return { type: 'bad_batch', message };
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function itemDeadline(item: unknown): number | undefined {
  const { requestContext } = item as { requestContext?: { lpr?: { deadlineMs?: unknown } | null } };
  const deadline = requestContext?.lpr?.deadlineMs;
  return typeof deadline === 'number' && Number.isFinite(deadline)
    ? Math.trunc(deadline)
    : undefined;
}

function earlier(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}
