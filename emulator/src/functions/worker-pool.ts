import { randomUUID } from 'node:crypto';
import { INIT_TIMEOUT_MS } from '../limits.ts';
import { FunctionFailure, toErrorPayload } from '../runtime/errors.ts';
import type { FunctionErrorPayload } from '../runtime/errors.ts';
import { asImportError } from '../runtime/find-handler.ts';
import { findModule } from '../runtime/find-module.ts';
import { writeBundle } from '../runtime/import-bundle.ts';
import type { BundleFile } from '../runtime/run-bundle.ts';
import { createScratchFolder } from '../runtime/scratch-folder.ts';
import type { ScratchFolder } from '../runtime/scratch-folder.ts';
import { channels } from './channels.ts';
import type { InvocationEnded, InvocationStarted } from './channels.ts';
import type { FunctionDefinition } from './function-definition.ts';
import { defaultFunctionArn } from './function-name.ts';
import type {
  ExecutionEnvironment,
  FunctionInvocation,
  FunctionOutcome,
  Preparation,
} from './invocation.ts';
import { afterTime, timedOut, unlessAborted, withTimeLimit } from './time-limit.ts';
import { WorkerEnvironment } from './worker.ts';

/** How long an environment is kept without an invocation unless the manifest says otherwise, in ms. */
export const DEFAULT_IDLE_MS = 300_000;

export interface WorkerPoolOptions {
  readonly definition: FunctionDefinition;
  /** All environment variables of the workers. */
  readonly variables: NodeJS.ProcessEnv;
  /** How long an environment is kept without an invocation. */
  readonly idleMs?: number;
}

interface Bundle extends BundleFile {
  readonly inputs: readonly string[];
  readonly folder: ScratchFolder;
}

interface Started {
  readonly environment: WorkerEnvironment;
  readonly initMs: number;
}

/**
 * Runs a function in worker threads, as Lambda does in environments: each takes one invocation at a
 * time, another one starts when all are busy, and one that is idle for long ends. A timeout, a crash or
 * too much memory ends an environment and nothing else.
 */
export class WorkerPool implements ExecutionEnvironment {
  readonly #options: WorkerPoolOptions;
  readonly #environments = new Map<WorkerEnvironment, NodeJS.Timeout | undefined>();
  readonly #idle: Started[] = [];
  #bundle: Promise<Bundle> | undefined;
  #closed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /** How many environments there are, busy or not. */
  get size(): number {
    return this.#environments.size;
  }

  async prepare(): Promise<Preparation> {
    try {
      const { inputs } = await this.#load();
      const started = this.#idle.pop() ?? (await this.#start(randomUUID()));
      const streaming = await started.environment.ready;
      this.#rest(started);
      return { type: 'ready', streaming, initMs: started.initMs, inputs };
    } catch (error) {
      return { type: 'failed', error: toErrorPayload(error) };
    }
  }

  async invoke(invocation: FunctionInvocation): Promise<FunctionOutcome> {
    invocation.signal?.throwIfAborted();
    const requestId = invocation.requestId ?? randomUUID();
    return unlessAborted(this.#invoke(invocation, requestId), invocation.signal);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#environments.values()) clearTimeout(timer);
    await Promise.all([...this.#environments.keys()].map((environment) => environment.kill()));
    await this.#forget();
  }

  async #invoke(invocation: FunctionInvocation, requestId: string): Promise<FunctionOutcome> {
    const { name: functionName, timeoutSeconds } = this.#options.definition;
    let cold = true;
    let startedAt = performance.now();
    const end = (error?: FunctionErrorPayload): void => {
      const durationMs = performance.now() - startedAt;
      const ended: InvocationEnded = { requestId, functionName, cold, durationMs, error };
      channels.invocationEnded.publish(ended);
    };
    let started: Started;
    try {
      started = this.#take() ?? (await this.#start(requestId));
    } catch (thrown) {
      const error = toErrorPayload(thrown);
      end(error);
      return { type: 'error', requestId, cold, error };
    }
    const { environment } = started;
    cold = environment.cold;
    environment.cold = false;
    const initMs = cold ? started.initMs : undefined;
    const message: InvocationStarted = { requestId, functionName, cold, initMs };
    channels.invocationStarted.publish(message);

    startedAt = performance.now();
    const timeoutMs = timeoutSeconds * 1000;
    const cancel = afterTime(timeoutMs, () => {
      void environment.kill(timedOut(requestId, timeoutMs));
    });
    const running = environment.start(
      {
        payload: invocation.payload,
        mode: invocation.mode,
        requestId,
        invokedFunctionArn: invocation.invokedFunctionArn ?? defaultFunctionArn(functionName),
        deadline: Date.now() + timeoutMs,
        clientContext: invocation.clientContext,
        ...(invocation.tenantId === undefined ? {} : { tenantId: invocation.tenantId }),
      },
      invocation.signal,
    );
    const settled = running.finished
      .then(
        () => undefined,
        (failure: unknown) => toErrorPayload(failure),
      )
      .then((error) => {
        cancel();
        this.#rest(started);
        end(error);
      });
    try {
      const answer = await running.answer;
      // Whoever has the answer finds this environment free.
      if (answer.type === 'buffered') await settled;
      return { ...answer, requestId, cold };
    } catch (failure) {
      await settled;
      return { type: 'error', requestId, cold, error: toErrorPayload(failure) };
    }
  }

  /** An environment that waits, the one used last first, as in Lambda. */
  #take(): Started | undefined {
    for (;;) {
      const started = this.#idle.pop();
      if (started === undefined) return undefined;
      clearTimeout(this.#environments.get(started.environment));
      if (started.environment.alive) return started;
      this.#environments.delete(started.environment);
    }
  }

  #rest(started: Started): void {
    const { environment } = started;
    if (!environment.alive) {
      this.#environments.delete(environment);
      return;
    }
    this.#idle.push(started);
    const timer = setTimeout(() => {
      this.#idle.splice(this.#idle.indexOf(started), 1);
      this.#environments.delete(environment);
      void environment.kill();
    }, this.#options.idleMs ?? DEFAULT_IDLE_MS);
    this.#environments.set(environment, timer.unref());
  }

  async #start(requestId: string): Promise<Started> {
    const bundle = await this.#load();
    if (this.#closed) throw new FunctionFailure(stopped(requestId));
    const startedAt = performance.now();
    const { definition, variables } = this.#options;
    const environment = new WorkerEnvironment({ definition, bundle, variables });
    this.#environments.set(environment, undefined);
    try {
      const limit = { milliseconds: INIT_TIMEOUT_MS, requestId };
      await withTimeLimit(environment.ready, limit);
    } catch (error) {
      this.#environments.delete(environment);
      await environment.kill();
      // The module may be mended before the next invocation.
      if (this.#environments.size === 0) await this.#forget();
      throw error;
    }
    return { environment, initMs: performance.now() - startedAt };
  }

  #load(): Promise<Bundle> {
    if (this.#bundle !== undefined) return this.#bundle;
    const loading = this.#write();
    this.#bundle = loading;
    // A module that cannot be bundled now may be mended before the next invocation.
    loading.catch(() => {
      if (this.#bundle === loading) this.#bundle = undefined;
    });
    return loading;
  }

  async #forget(): Promise<void> {
    const loading = this.#bundle;
    this.#bundle = undefined;
    const bundle = await loading?.catch(() => undefined);
    await bundle?.folder.remove();
  }

  async #write(): Promise<Bundle> {
    const { baseDirectory, handler } = this.#options.definition;
    const folder = await createScratchFolder();
    try {
      return { ...(await writeBundle(findModule(baseDirectory, handler), folder.path)), folder };
    } catch (error) {
      await folder.remove();
      throw asImportError(error);
    }
  }
}

function stopped(requestId: string): FunctionErrorPayload {
  const errorMessage = `RequestId: ${requestId} Error: the emulator has stopped`;
  return { errorType: 'Runtime.ExitError', errorMessage };
}
