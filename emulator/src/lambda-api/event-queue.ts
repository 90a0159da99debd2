import type { Clock } from 'lpr-router';
import { channels } from '../functions/channels.ts';
import type { InvocationWarned } from '../functions/channels.ts';
import { ThrottledError } from '../functions/concurrency.ts';
import { DEFAULT_EVENT_RETRIES } from '../functions/function-definition.ts';
import type { EventRetries, FunctionDefinition } from '../functions/function-definition.ts';
import type { FunctionInvocation, FunctionOutcome } from '../functions/invocation.ts';
import type { InvocableFunctions } from '../functions/registry.ts';

/** Lambda waits 1 s when it is throttled, then twice as long each time, up to 5 min. */
const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 300_000;

const NOWHERE = 'Lambda would hand it to its destination or dead-letter queue, if it has one';

/** An `Event` invocation. */
export interface QueuedEvent extends FunctionInvocation {
  readonly requestId: string;
}

interface Attempts {
  /** That the function has failed. */
  failed: number;
  /** In a row that were throttled. */
  throttled: number;
}

/** What to do next about an event. */
type Next =
  | { readonly type: 'done' }
  | { readonly type: 'drop'; readonly why: string }
  | { readonly type: 'retry'; readonly delayMs: number; readonly why: string | undefined };

/**
 * Events that were accepted and whose invocations nobody waits for. As in Lambda, what is throttled is
 * tried again until it is too old, and what fails is retried; what becomes of an event in the end that
 * never succeeds is a warning.
 */
export class EventQueue {
  readonly #registry: InvocableFunctions;
  readonly #clock: Clock;
  readonly #running = new Set<Promise<void>>();
  readonly #wakes = new Set<() => void>();
  #closed = false;

  constructor(registry: InvocableFunctions, clock: Clock) {
    this.#registry = registry;
    this.#clock = clock;
  }

  /** Takes an event for a function that the registry has. */
  add(functionName: string, event: QueuedEvent): void {
    const running = this.#run(functionName, event).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Drops the events that wait, and waits for those under way. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const wake of this.#wakes) wake();
    await Promise.all(this.#running);
  }

  async #run(functionName: string, event: QueuedEvent): Promise<void> {
    const acceptedAtMs = this.#clock.now();
    const attempts: Attempts = { failed: 0, throttled: 0 };
    const warn = (text: string): void => {
      const { requestId } = event;
      const warned: InvocationWarned = { functionName, requestId, text };
      channels.invocationWarned.publish(warned);
    };
    for (;;) {
      const next = await this.#attempt(functionName, event, attempts);
      switch (next.type) {
        case 'done':
          return;
        case 'drop':
          return warn(`${next.why}, so the event is dropped; ${NOWHERE}`);
        case 'retry': {
          const { maxAgeMs } = retriesOf(this.#find(functionName));
          if (this.#clock.now() - acceptedAtMs + next.delayMs > maxAgeMs) {
            return warn(
              `The event is older than ${maxAgeMs / 1000} s before it can be tried again, so it is dropped; ${NOWHERE}`,
            );
          }
          if (next.why !== undefined) {
            warn(`${next.why}; it is tried again in ${next.delayMs / 1000} s`);
          }
          await this.#sleep(next.delayMs);
          if (this.#closed) return warn('The emulator stops, so an event that waited is dropped');
          break;
        }
        default:
          next satisfies never;
      }
    }
  }

  async #attempt(functionName: string, event: QueuedEvent, attempts: Attempts): Promise<Next> {
    let outcome: FunctionOutcome;
    try {
      outcome = await this.#registry.invoke(functionName, event);
    } catch (error) {
      return this.#afterRefusal(functionName, error, attempts);
    }
    if (outcome.type !== 'error') return { type: 'done' };
    attempts.throttled = 0;
    attempts.failed += 1;
    const { maxRetries, retryMs } = retriesOf(this.#find(functionName));
    if (attempts.failed > maxRetries) {
      const times = attempts.failed === 1 ? 'once' : `${attempts.failed} times`;
      return { type: 'drop', why: `The function failed ${times}` };
    }
    const why = `The event failed (retry ${attempts.failed} of ${maxRetries})`;
    return { type: 'retry', delayMs: retryMs * attempts.failed, why };
  }

  #afterRefusal(functionName: string, error: unknown, attempts: Attempts): Next {
    if (!(error instanceof ThrottledError)) {
      return { type: 'drop', why: error instanceof Error ? error.message : String(error) };
    }
    if (this.#find(functionName)?.reservedConcurrency === 0) {
      return { type: 'drop', why: 'The function may not run at all (`ReservedConcurrency: 0`)' };
    }
    const delayMs = Math.min(FIRST_BACKOFF_MS * 2 ** attempts.throttled, LONGEST_BACKOFF_MS);
    attempts.throttled += 1;
    // Once is enough: what waits for a place may be throttled often.
    const why = attempts.throttled === 1 ? `The event is throttled (${error.reason})` : undefined;
    return { type: 'retry', delayMs, why };
  }

  #find(functionName: string): FunctionDefinition | undefined {
    return this.#registry.functions.find(({ name }) => name === functionName);
  }

  async #sleep(delayMs: number): Promise<void> {
    if (this.#closed) return;
    const slept = Promise.withResolvers<void>();
    const timer = this.#clock.setTimer(delayMs, slept.resolve);
    const wake = (): void => {
      timer.cancel();
      slept.resolve();
    };
    this.#wakes.add(wake);
    await slept.promise;
    this.#wakes.delete(wake);
  }
}

function retriesOf(definition: FunctionDefinition | undefined): EventRetries {
  return definition?.eventRetries ?? DEFAULT_EVENT_RETRIES;
}
