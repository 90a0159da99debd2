import { PROTOCOL_VERSION, ROUTER_NAME } from 'lpr-protocol';
import type { BatchEvent, HttpEvent } from 'lpr-protocol';
import { httpEvent } from './http-event.ts';

/** A batch event; a number makes that many items with the ids `r-1`, `r-2`, … */
export function batchEvent(items: number | readonly HttpEvent[], route = '/'): BatchEvent {
  const batch =
    typeof items === 'number'
      ? Array.from({ length: items }, (_, index) =>
          httpEvent({ id: `r-${index + 1}`, path: route }),
        )
      : [...items];
  return {
    v: PROTOCOL_VERSION,
    meta: { router: ROUTER_NAME, route, receivedAtMs: Date.UTC(2026, 0, 1) },
    batch,
  };
}
