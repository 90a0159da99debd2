import type { HttpEvent } from './http-event.ts';
import { PROTOCOL_VERSION } from './version.ts';

/** The event of one invocation: requests of one route that were released together (contract §1). */
export interface BatchEvent {
  readonly v: 1;
  readonly meta: BatchMeta;
  /** In arrival order; at least one. */
  readonly batch: readonly HttpEvent[];
}

/** What a {@link BatchEvent} says about itself. */
export interface BatchMeta {
  readonly router: 'lambda-parallel-router';
  /** The matched path template, e.g. `/hello/{id}`; `*` is reserved. */
  readonly route: string;
  /** When the batch was sealed, epoch milliseconds. */
  readonly receivedAtMs: number;
}

/** As much of a {@link BatchEvent} as an adapter may rely on before it has looked at the items. */
export interface BatchLike {
  readonly v: 1;
  readonly batch: readonly unknown[];
}

/** Whether an invocation event is a batch: `v` is 1 and `batch` is an array. Nothing else is looked at. */
export function isBatchEvent(event: unknown): event is BatchLike {
  return (
    (event as Partial<BatchLike> | null | undefined)?.v === PROTOCOL_VERSION &&
    Array.isArray((event as BatchLike).batch)
  );
}
