import { describeValue, itemId, PROTOCOL_VERSION, ROUTER_NAME } from 'lpr-protocol';
import type { BatchEvent, HttpEvent } from 'lpr-protocol';
import { httpEvent } from './http-event.ts';
import type { HttpEventOptions } from './http-event.ts';
import { FACTORY_TIME_MS, requestId } from './ids.ts';

/** An item, or what it is to be made from: a path, or options. */
export type ItemSource = HttpEvent | HttpEventOptions | string;

export interface BatchEventOptions {
  /** The matched path template; default: that of the first item, failing that `/`. */
  readonly route?: string;
  /** When the batch was sealed, epoch ms; default 2026-01-01T00:00:00Z. */
  readonly receivedAtMs?: number;
}

/**
 * A batch event as a router sends it (wire contract §1). A number makes that many items; items that are not
 * made yet get the ids `requestId(1)`, `requestId(2)`, … No two items may have the same id.
 */
export function batchEvent(
  items: number | readonly ItemSource[],
  options: BatchEventOptions | string = {},
): BatchEvent {
  const { route, receivedAtMs = FACTORY_TIME_MS } =
    typeof options === 'string' ? { route: options } : options;
  const batch = sourcesOf(items).map((source, index) => toItem(source, index, route));
  checkIds(batch);
  return {
    v: PROTOCOL_VERSION,
    meta: { router: ROUTER_NAME, route: route ?? routeOf(batch[0]) ?? '/', receivedAtMs },
    batch,
  };
}

function sourcesOf(items: number | readonly ItemSource[]): readonly ItemSource[] {
  if (typeof items === 'number' && Number.isSafeInteger(items) && items >= 0) {
    return Array.from({ length: items }, () => ({}));
  }
  if (Array.isArray(items)) return items;
  throw new TypeError(
    `Expected a number of items, or a list of paths, options or items, got ${describeValue(items)}`,
  );
}

function toItem(source: ItemSource, index: number, route: string | undefined): HttpEvent {
  if (typeof source !== 'string' && (typeof source !== 'object' || source === null)) {
    throw new TypeError(
      `Expected item ${index} to be a path, options or an item, got ${describeValue(source)}`,
    );
  }
  if (typeof source === 'object' && 'requestContext' in source) return source;
  const options = typeof source === 'string' ? { path: source } : source;
  return httpEvent({
    id: requestId(index + 1),
    ...(route === undefined ? {} : { route, path: route }),
    ...options,
  });
}

/** Answers travel by id: of two items with one, nobody could tell whose an answer is. */
function checkIds(batch: readonly HttpEvent[]): void {
  const seen = new Set<string>();
  for (const item of batch) {
    const id = itemId(item);
    if (id === undefined) continue;
    if (seen.has(id)) {
      throw new RangeError(
        `Expected items with ids of their own, got \`${id}\` twice: \`httpEvent\` takes an \`id\`, and paths and options in the list are numbered`,
      );
    }
    seen.add(id);
  }
}

function routeOf(item: HttpEvent | undefined): string | undefined {
  return item?.routeKey.slice(item.routeKey.indexOf(' ') + 1);
}
