import type { SequenceState } from 'lpr-protocol';
import type { BatchAnswerItem } from './batch-answer.ts';
import type { Inside } from './current-item.ts';
import { unanswered } from './errors.ts';
import type { BatchItem } from './item.ts';

/** The longest delay of a timer. */
const MAX_DELAY_MS = 2_147_483_647;

/** One item on its way from event to answer; {@link ItemRun.item} is what the handler sees of it. */
export class ItemRun {
  readonly id: string;
  readonly event: unknown;
  readonly item: BatchItem;
  /** How far its answer has come; `ended` in buffered mode as soon as there is a record. */
  state: SequenceState = 'waiting';
  /** Its answer, in buffered mode. */
  record: BatchAnswerItem | undefined;
  /** Runs a function in the async context of the handler, inside what `around` set up. */
  inside: Inside | undefined;
  /** Gives up the body that is being read. */
  cancel: (() => void) | undefined;
  /** Why nobody waits for its answer any more; `undefined` while somebody does. */
  reason: unknown;
  #controller: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(event: unknown, id: string) {
    this.id = id;
    this.event = event;
    this.item = new RunningItem(this);
  }

  /** Made when it is first asked for: most handlers never do. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      const controller = (this.#controller = new AbortController());
      const { deadlineMs } = this.item;
      if (this.reason) {
        controller.abort(this.reason);
      } else if (deadlineMs !== undefined && this.state === 'waiting') {
        const delay = Math.max(0, Math.min(deadlineMs - Date.now(), MAX_DELAY_MS));
        const late = () => controller.abort(unanswered('LPR_DEADLINE_EXCEEDED'));
        this.#timer = setTimeout(late, delay);
      }
    }
    return this.#controller.signal;
  }

  /** Notes that the answer has come further: from its head on, the deadline no longer counts (contract §3.9). */
  advance(state: SequenceState): void {
    this.state = state;
    clearTimeout(this.#timer);
  }

  /** Drops whatever is still written, aborts the signal and gives up the body. */
  stop(reason: unknown): void {
    this.reason = reason;
    clearTimeout(this.#timer);
    this.#controller?.abort(reason);
    this.cancel?.();
  }
}

/** Only the id and the deadline are properties of its own: it can be logged. */
class RunningItem implements BatchItem {
  readonly requestId: string;
  readonly deadlineMs: number | undefined;
  readonly #run: ItemRun;

  constructor(run: ItemRun) {
    const { requestContext } = (run.event ?? {}) as { requestContext?: LprContext | null };
    const deadlineMs = requestContext?.lpr?.deadlineMs;
    this.#run = run;
    this.requestId = run.id;
    this.deadlineMs = Number.isFinite(deadlineMs) ? (deadlineMs as number) : undefined;
  }

  get signal(): AbortSignal {
    return this.#run.signal;
  }

  /** For native handlers, whose type says so. */
  get event(): unknown {
    return this.#run.event;
  }
}

interface LprContext {
  readonly lpr?: { readonly deadlineMs?: unknown } | null;
}
