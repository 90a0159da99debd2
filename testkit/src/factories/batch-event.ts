import { PROTOCOL_VERSION, ROUTER_NAME } from 'lpr-protocol';
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
 * made yet get the ids `requestId(1)`, `requestId(2)`, …
 */
export function batchEvent(
  items: number | readonly ItemSource[],
  options: BatchEventOptions | string = {},
): BatchEvent {
  const { route, receivedAtMs = FACTORY_TIME_MS } =
    typeof options === 'string' ? { route: options } : options;
  const sources = typeof items === 'number' ? Array.from({ length: items }, () => ({})) : items;
  const batch = sources.map((source, index) => toItem(source, index, route));
  return {
    v: PROTOCOL_VERSION,
    meta: { router: ROUTER_NAME, route: route ?? routeOf(batch[0]) ?? '/', receivedAtMs },
    batch,
  };
}

function toItem(source: ItemSource, index: number, route: string | undefined): HttpEvent {
  if (typeof source === 'object' && 'requestContext' in source) return source;
  const options = typeof source === 'string' ? { path: source } : source;
  return httpEvent({
    id: requestId(index + 1),
    ...(route === undefined ? {} : { route, path: route }),
    ...options,
  });
}

function routeOf(item: HttpEvent | undefined): string | undefined {
  return item?.routeKey.slice(item.routeKey.indexOf(' ') + 1);
}
