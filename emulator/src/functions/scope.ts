import { AsyncLocalStorage } from 'node:async_hooks';
import type { FunctionErrorPayload } from '../runtime/errors.ts';
import { FunctionFailure } from '../runtime/errors.ts';
import { channels } from './channels.ts';
import type { LogLevel } from './channels.ts';
import { publishLog } from './function-output.ts';

const scopes = new AsyncLocalStorage<Scope>();

/**
 * What one invocation, or the loading of a module, has set in motion in this process: timers, promises
 * and callbacks that it leaves behind still belong to it.
 */
export class Scope {
  readonly functionName: string;
  readonly requestId: string;
  /** Rejects when the function's code crashes the environment while the scope is open. */
  readonly crashed: Promise<never>;
  readonly #crash = Promise.withResolvers<never>();
  readonly #onCrash: () => void;
  #over = false;

  /** `onCrash` is called for each crash, also after `close()`: the environment cannot be used any more. */
  constructor(functionName: string, requestId: string, onCrash: () => void = () => undefined) {
    this.functionName = functionName;
    this.requestId = requestId;
    this.crashed = this.#crash.promise;
    this.#onCrash = onCrash;
    this.crashed.catch(() => undefined);
  }

  /** The scope whose code is running. */
  static current(): Scope | undefined {
    return scopes.getStore();
  }

  run<T>(code: () => T): T {
    return scopes.run(this, code);
  }

  /** What crashes from now on is too late for an answer; it is published as a late failure. */
  close(): void {
    this.#over = true;
  }

  /** Ends the invocation with `error`, or tells of it when the invocation is over. */
  crash(error: FunctionErrorPayload): void {
    const { functionName, requestId } = this;
    if (this.#over) {
      scopes.exit(() => channels.lateFailure.publish({ functionName, requestId, error }));
    } else {
      this.#crash.reject(new FunctionFailure(error));
    }
    this.#onCrash();
  }

  /** Tells what the code has written; whether somebody has printed it. */
  log(level: LogLevel, text: string): boolean {
    const { functionName, requestId } = this;
    const line = { functionName, requestId, level, text, atMs: Date.now() };
    // Whoever prints it is not the function.
    return scopes.exit(() => publishLog(line));
  }
}
