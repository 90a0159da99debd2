import type { FunctionErrorPayload } from '../runtime/errors.ts';
import { channels } from './channels.ts';
import type { InvocationEnded, InvocationStarted } from './channels.ts';
import type { EnvironmentMark } from './environment-mark.ts';
import type { FunctionOutcome } from './invocation.ts';

/** An environment as far as its first invocation differs from later ones. */
export interface Initialised {
  readonly initMs: number;
  readonly mark: EnvironmentMark;
  /** True until its first invocation. */
  cold: boolean;
}

/** Tells the outside of one invocation: that it starts, unless it never gets so far, and that it is over. */
export class InvocationReport {
  readonly #functionName: string;
  readonly #requestId: string;
  #startedAt = performance.now();
  #cold = true;

  constructor(functionName: string, requestId: string) {
    this.#functionName = functionName;
    this.#requestId = requestId;
  }

  /** Whether the environment is cold; so is one that could not be initialised. */
  get cold(): boolean {
    return this.#cold;
  }

  /** The handler is about to be called; what comes before does not count as its duration. */
  started(environment: Initialised): void {
    this.#cold = environment.cold;
    environment.cold = false;
    const message: InvocationStarted = {
      requestId: this.#requestId,
      functionName: this.#functionName,
      environment: environment.mark.id,
      cold: this.#cold,
      initMs: this.#cold ? environment.initMs : undefined,
    };
    channels.invocationStarted.publish(message);
    this.#startedAt = performance.now();
  }

  /** The invocation is over; to be called once. */
  ended(error?: FunctionErrorPayload): void {
    const message: InvocationEnded = {
      requestId: this.#requestId,
      functionName: this.#functionName,
      cold: this.#cold,
      durationMs: performance.now() - this.#startedAt,
      error,
    };
    channels.invocationEnded.publish(message);
  }

  /** What the caller gets for a failed invocation. */
  failure(error: FunctionErrorPayload): FunctionOutcome {
    return { type: 'error', requestId: this.#requestId, cold: this.#cold, error };
  }
}
