import { INIT_TIMEOUT_MS } from '../limits.ts';
import { FunctionFailure } from '../runtime/errors.ts';
import type { FunctionErrorPayload } from '../runtime/errors.ts';
import { EnvironmentMark } from './environment-mark.ts';
import type { EnvironmentInvocation } from './invocation.ts';
import type { Initialised } from './invocation-report.ts';
import type { RunningHandler } from './run-handler.ts';
import { withTimeLimit } from './time-limit.ts';

/** How long an environment is kept without an invocation unless the manifest says otherwise, in ms. */
export const DEFAULT_IDLE_MS = 300_000;

/** An execution environment that can be ended: a worker thread, or processes. */
export interface PooledEnvironment {
  /** Resolves when it can be invoked; rejects with a `FunctionFailure`. */
  readonly ready: Promise<unknown>;
  /** Whether it can take an invocation, now or when the present one is over. */
  readonly alive: boolean;
  /** Resolves when it has ended. */
  readonly ended: Promise<unknown>;
  /** Invokes the handler, after `ready`, one invocation at a time. */
  start(
    invocation: EnvironmentInvocation,
    signal: AbortSignal | undefined,
  ): RunningHandler & {
    /** Resolves to whether the environment had ended before it took the invocation: nothing has run. */
    readonly lost?: Promise<boolean>;
  };
  /** Ends it; an invocation under way fails with `failure`. */
  kill(failure?: FunctionErrorPayload): Promise<void>;
}

/** An environment that is ready. */
export interface Pooled<E> extends Initialised {
  readonly environment: E;
  expiry?: NodeJS.Timeout;
}

export interface EnvironmentPoolOptions<E> {
  readonly functionName: string;
  /** Begins to initialise another environment. */
  readonly create: () => Promise<E>;
  readonly idleMs?: number;
  /** How many may be busy; whoever comes then waits. By default there is no limit. */
  readonly limit?: number;
  /** Told when an environment could not be initialised and there is no other one. */
  readonly onBarren?: () => Promise<void>;
}

/**
 * The environments of one function, as Lambda keeps them: the one used last is used first, another one
 * starts when all are busy, and one that is idle for long ends.
 */
export class EnvironmentPool<E extends PooledEnvironment> {
  readonly #options: EnvironmentPoolOptions<E>;
  readonly #environments = new Set<E>();
  readonly #idle: Pooled<E>[] = [];
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  #closed = false;

  constructor(options: EnvironmentPoolOptions<E>) {
    this.#options = options;
  }

  /** How many environments there are, busy or not. */
  get size(): number {
    return this.#environments.size;
  }

  /** Takes an environment, which has to be given back; rejects when none could be initialised. */
  async take(requestId: string): Promise<Pooled<E>> {
    await this.#enter();
    try {
      return this.#takeIdle() ?? (await this.#start(requestId));
    } catch (error) {
      this.#leave();
      throw error;
    }
  }

  giveBack(pooled: Pooled<E>): void {
    const { environment } = pooled;
    if (environment.alive) {
      this.#idle.push(pooled);
      pooled.expiry = setTimeout(() => {
        this.#idle.splice(this.#idle.indexOf(pooled), 1);
        this.#drop(environment);
      }, this.#options.idleMs ?? DEFAULT_IDLE_MS).unref();
    } else this.#drop(environment);
    this.#leave();
  }

  /** Ends all environments, and what is under way with them. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { expiry } of this.#idle) clearTimeout(expiry);
    await Promise.all([...this.#environments].map((environment) => environment.kill()));
  }

  async #enter(): Promise<void> {
    const { limit = Number.POSITIVE_INFINITY } = this.#options;
    if (this.#busy >= limit) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#busy += 1;
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#busy -= 1;
    else next();
  }

  #takeIdle(): Pooled<E> | undefined {
    for (;;) {
      const pooled = this.#idle.pop();
      clearTimeout(pooled?.expiry);
      if (pooled === undefined || pooled.environment.alive) return pooled;
      this.#drop(pooled.environment);
    }
  }

  async #start(requestId: string): Promise<Pooled<E>> {
    const environment = await this.#options.create();
    this.#environments.add(environment);
    const startedAt = performance.now();
    try {
      if (this.#closed) throw new FunctionFailure(stopped(requestId));
      await withTimeLimit(environment.ready, { milliseconds: INIT_TIMEOUT_MS, requestId });
    } catch (error) {
      this.#environments.delete(environment);
      await environment.kill();
      if (this.size === 0) await this.#options.onBarren?.();
      throw error;
    }
    const initMs = performance.now() - startedAt;
    const mark = new EnvironmentMark(this.#options.functionName, initMs);
    void environment.ended.then(() => mark.end());
    return { environment, initMs, mark, cold: true };
  }

  #drop(environment: E): void {
    if (this.#environments.delete(environment)) void environment.kill();
  }
}

function stopped(requestId: string): FunctionErrorPayload {
  const errorMessage = `RequestId: ${requestId} Error: the emulator has stopped`;
  return { errorType: 'Runtime.ExitError', errorMessage };
}
