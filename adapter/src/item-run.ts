import type { SequenceState } from 'lpr-protocol';
import type { BatchAnswerItem } from './batch-answer.ts';
import { AdapterError } from './errors.ts';
import type { BatchItem } from './item.ts';
import { msUntil } from './item-context.ts';
import type { ErrorOrigin } from './options.ts';

/** One item on its way from event to answer. */
export interface ItemRun {
  readonly id: string;
  readonly origin: ErrorOrigin;
  /** What the handler sees of it. */
  readonly item: BatchItem;
  /** How far its answer has come; `ended` in buffered mode as soon as there is a record. */
  state: SequenceState;
  /** Its answer, in buffered mode. */
  record?: BatchAnswerItem;
  /** Runs a function in the async context of the handler, inside what `around` set up. */
  inside: <Result>(act: () => Result) => Result;
  /** Gives up the body that is being read. */
  cancel?: () => void;
  /** Why nobody waits for its answer any more; `undefined` while somebody does. */
  reason?: unknown;
  /** Notes that the answer has come further: from its head on, the deadline no longer counts (contract §3.9). */
  advance(state: SequenceState): void;
  /** Drops whatever is still written, aborts the signal and gives up the body. */
  stop(reason: unknown): void;
}

/** An item that has not begun. */
export function toRun(event: unknown, id: string): ItemRun {
  const sent = (event as LprEvent | null | undefined)?.requestContext?.lpr?.deadlineMs;
  const deadlineMs = Number.isFinite(sent) ? (sent as number) : undefined;
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new AdapterError('LPR_DEADLINE_EXCEEDED', 'an answer in time')),
    msUntil(deadlineMs),
  );
  const run: ItemRun = {
    id,
    origin: { requestId: id, event },
    item: { requestId: id, deadlineMs, signal: controller.signal },
    state: 'waiting',
    inside: (act) => act(),
    advance(state) {
      run.state = state;
      clearTimeout(timer);
    },
    stop(reason) {
      run.reason = reason;
      clearTimeout(timer);
      controller.abort(reason);
      run.cancel?.();
    },
  };
  return run;
}

interface LprEvent {
  readonly requestContext?: { readonly lpr?: { readonly deadlineMs?: unknown } | null } | null;
}
