import { isBatchEvent } from 'lpr-protocol';
import type { Unanswered } from './end-unanswered.ts';
import { wrongValue } from './errors.ts';
import type { AdapterError } from './errors.ts';
import { toRun } from './item-run.ts';
import type { ItemRun } from './item-run.ts';
import type { ItemEvent } from './lambda-types.ts';
import type { NativeItem } from './native-batch.ts';
import { isObject } from './read-answer.ts';
import { report } from './report.ts';
import { toRuns } from './run-batch.ts';
import { outOfOrder } from './out-of-order.ts';
import { settleItem } from './settle-item.ts';
import type { BatchInvocation } from './settle-item.ts';

/** The items of an event; one that is no batch is an item itself, whatever it is. */
export async function nativeRuns(event: unknown, invocation: BatchInvocation): Promise<ItemRun[]> {
  if (isBatchEvent(event)) {
    return toRuns(event.batch, invocation);
  }
  const { requestContext } = isObject(event) ? (event as Partial<ItemEvent>) : {};
  return [toRun(event, requestContext?.requestId ?? 'passed-through')];
}

/** What a native handler sees of its items. */
export function itemsOf(runs: readonly ItemRun[]): NativeItem[] {
  return runs.map(({ item }) => item as NativeItem);
}

const NOWHERE = { requestId: undefined, event: undefined };

/** What the caller of an item without an answer is told. */
export const LEFT_OUT: Unanswered = [502, 'LPR_MISSING_RESPONSE', 'The function gave no answer'];

/** Brings the answers of a native handler to their items. Nothing here rejects. */
export class NativeAnswers {
  readonly #invocation: BatchInvocation;
  readonly #runs: ReadonlyMap<unknown, ItemRun>;
  readonly #pending: Promise<void>[] = [];
  readonly #claimed = new Set<ItemRun>();

  constructor(runs: readonly ItemRun[], invocation: BatchInvocation) {
    this.#invocation = invocation;
    this.#runs = new Map(runs.map((run) => [run.id, run]));
  }

  /** Calls `use` with the item of this id; an unknown one is reported. */
  with(id: unknown, use: (run: ItemRun) => void | Promise<void>): Promise<void> {
    const run = this.#runs.get(id);
    const done = (async () =>
      run ? use(run) : report(unknownId(id), NOWHERE, this.#invocation))();
    this.#pending.push(done);
    return done;
  }

  /** Answers the item of this id with what `attempt` comes to. */
  settle(id: unknown, attempt: () => unknown): Promise<void> {
    return this.with(id, (run) => {
      if (this.#claimed.has(run)) {
        const error = outOfOrder('response', 'second_answer');
        return report(error, run.origin, this.#invocation);
      }
      this.#claimed.add(run);
      return settleItem(run, attempt, this.#invocation);
    });
  }

  /**
   * Waits for `work` and every answer that it began. When it fails, its error is reported once, for the whole
   * `event`, and items without an answer get `errorResponse`.
   */
  async whole(event: unknown, work: () => Promise<unknown>): Promise<void> {
    let failure: { readonly error: unknown } | undefined;
    try {
      await work();
    } catch (error) {
      failure = { error };
      await report(error, { requestId: undefined, event }, this.#invocation);
    }
    await Promise.all(this.#pending);
    if (failure !== undefined) {
      const { error } = failure;
      const { settings } = this.#invocation;
      for (const run of this.#runs.values()) {
        if (run.state === 'headed') {
          await this.#invocation.breakOff?.(run);
        } else if (run.state === 'waiting') {
          await settleItem(run, () => settings.errorResponse(error, run.origin), this.#invocation);
        }
      }
    }
  }
}

function unknownId(id: unknown): AdapterError {
  const wanted = 'the `requestId` of an item of this batch';
  return wrongValue('LPR_UNKNOWN_ID', 'id', wanted, id);
}
