import { isBatchEvent } from 'lpr-protocol';
import type { Unanswered } from './end-unanswered.ts';
import { AdapterError, got } from './errors.ts';
import { toRun } from './item-run.ts';
import type { ItemRun } from './item-run.ts';
import type { ItemEvent } from './lambda-types.ts';
import type { NativeItem } from './native-batch.ts';
import { ITEM_RULES } from './options.ts';
import type { Rules } from './options.ts';
import { internalError, isObject } from './read-answer.ts';
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
  return runs.map(
    ({ item, origin }) =>
      Object.defineProperty(item, 'event', { value: origin.event }) as NativeItem,
  );
}

/** Options of every native wrapper. */
export const NATIVE_RULES: Rules = {
  __proto__: null as never,
  ...ITEM_RULES,
  around: undefined,
  concurrency: undefined,
};

const NOWHERE = { requestId: undefined, event: undefined };

/** What the caller of an item without an answer is told. */
export const LEFT_OUT: Unanswered = [502, 'LPR_MISSING_RESPONSE', 'The function gave no answer'];

/** Brings the answers of a native handler to their items. Nothing here rejects. */
export class NativeAnswers {
  readonly #invocation: BatchInvocation;
  readonly #breakOff: ((run: ItemRun) => void | Promise<void>) | undefined;
  readonly #runs: ReadonlyMap<unknown, ItemRun>;
  readonly #pending: Promise<void>[] = [];
  readonly #claimed = new Set<ItemRun>();

  /** `breakOff` ends, visibly incomplete, an answer whose head has been sent. */
  constructor(
    runs: readonly ItemRun[],
    invocation: BatchInvocation,
    breakOff?: (run: ItemRun) => void | Promise<void>,
  ) {
    this.#invocation = invocation;
    this.#breakOff = breakOff;
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
      const { errorResponse = internalError } = this.#invocation;
      for (const run of this.#runs.values()) {
        if (run.state === 'headed') {
          await this.#breakOff?.(run);
        } else if (run.state === 'waiting') {
          await settleItem(run, () => errorResponse(error, run.origin), this.#invocation);
        }
      }
    }
  }
}

function unknownId(id: unknown): AdapterError {
  const wanted = '`id` to be the `requestId` of an item of this batch';
  return new AdapterError('LPR_UNKNOWN_ID', wanted + got(id));
}
