import { randomUUID } from 'node:crypto';
import { INIT_TIMEOUT_MS } from '../limits.ts';
import { createContext, logStreamName } from '../runtime/context.ts';
import type { LambdaContext } from '../runtime/context.ts';
import { toErrorPayload } from '../runtime/errors.ts';
import type { LoadedHandler } from '../runtime/find-handler.ts';
import { loadHandler } from '../runtime/load-handler.ts';
import { EnvironmentMark } from './environment-mark.ts';
import type { FunctionDefinition } from './function-definition.ts';
import { defaultFunctionArn } from './function-name.ts';
import { failedPreparation } from './invocation.ts';
import type {
  ExecutionEnvironment,
  FunctionInvocation,
  FunctionOutcome,
  Preparation,
} from './invocation.ts';
import { InvocationReport } from './invocation-report.ts';
import type { Initialised } from './invocation-report.ts';
import { startHandler } from './run-handler.ts';
import { Scope } from './scope.ts';
import { unlessAborted, withTimeLimit } from './time-limit.ts';

/** A handler in one generation of its module. */
interface Generation extends Initialised {
  readonly handler: LoadedHandler;
  readonly logStreamName: string;
}

/**
 * Runs a function in the emulator's own process: nothing to start, breakpoints work, and invocations
 * overlap in one module instance where Lambda would use several environments. Whoever makes one asks
 * for {@link contain} first, or the handler's late errors end the process. It cannot stop a handler: after a timeout or a crash the module is loaded anew, and the old handler's late answer is dropped.
 */
export class InProcessEnvironment implements ExecutionEnvironment {
  readonly #definition: FunctionDefinition;
  #current: Promise<Generation> | undefined;

  constructor(definition: FunctionDefinition) {
    this.#definition = definition;
  }

  async prepare(): Promise<Preparation> {
    try {
      const { handler, initMs } = await this.#load(randomUUID());
      const { type, inputs } = handler;
      return { type: 'ready', streaming: type === 'streaming', initMs, inputs };
    } catch (error) {
      return failedPreparation(error);
    }
  }

  async invoke(invocation: FunctionInvocation): Promise<FunctionOutcome> {
    invocation.signal?.throwIfAborted();
    const requestId = invocation.requestId ?? randomUUID();
    return unlessAborted(this.#invoke(invocation, requestId), invocation.signal);
  }

  close(): Promise<void> {
    if (this.#current !== undefined) this.#forget(this.#current);
    return Promise.resolve();
  }

  async #invoke(invocation: FunctionInvocation, requestId: string): Promise<FunctionOutcome> {
    const { name: functionName } = this.#definition;
    const report = new InvocationReport(functionName, requestId);
    let generation: Generation;
    try {
      generation = await this.#load(requestId);
    } catch (thrown) {
      const error = toErrorPayload(thrown);
      report.ended(error);
      return report.failure(error);
    }
    report.started(generation);
    const scope = new Scope(functionName, requestId, () => this.#replace(generation));
    const running = scope.run(() =>
      startHandler(generation.handler, {
        payload: invocation.payload,
        context: this.#context(generation, invocation, requestId),
        timeoutMs: this.#definition.timeoutSeconds * 1000,
        mode: invocation.mode,
        signal: invocation.signal,
        crashed: scope.crashed,
      }),
    );
    running.finished.then(
      () => {
        scope.close();
        report.ended();
      },
      (failure: unknown) => {
        scope.close();
        const error = toErrorPayload(failure);
        if (error.errorType === 'Sandbox.Timedout') this.#replace(generation);
        report.ended(error);
      },
    );
    try {
      return { ...(await running.answer), requestId, cold: report.cold };
    } catch (failure) {
      return report.failure(toErrorPayload(failure));
    }
  }

  #context(
    generation: Generation,
    invocation: FunctionInvocation,
    requestId: string,
  ): LambdaContext {
    const { name, memoryMb, timeoutSeconds } = this.#definition;
    return createContext(
      { name, memoryMb, logStreamName: generation.logStreamName },
      {
        requestId,
        invokedFunctionArn: invocation.invokedFunctionArn ?? defaultFunctionArn(name),
        deadline: Date.now() + timeoutSeconds * 1000,
        clientContext: invocation.clientContext,
        tenantId: invocation.tenantId,
      },
    );
  }

  #load(requestId: string): Promise<Generation> {
    if (this.#current !== undefined) return this.#current;
    const { name, baseDirectory, handler, moduleFolders } = this.#definition;
    const startedAt = performance.now();
    const scope = new Scope(name, requestId, () => this.#forget(loading));
    const loading = withTimeLimit(
      scope.run(() => loadHandler(baseDirectory, handler, moduleFolders)),
      { milliseconds: INIT_TIMEOUT_MS, requestId, crashed: scope.crashed },
    ).then((loaded) => {
      const initMs = performance.now() - startedAt;
      return {
        handler: loaded,
        logStreamName: logStreamName(new Date(), randomUUID().replaceAll('-', '')),
        initMs,
        mark: new EnvironmentMark(name, initMs),
        cold: true,
      };
    });
    this.#current = loading;
    const close = (): void => scope.close();
    loading.then(close, close);
    // A module that cannot be loaded now may be mended before the next invocation.
    loading.catch(() => this.#forget(loading));
    return loading;
  }

  #replace(generation: Generation): void {
    const current = this.#current;
    void current?.then((loaded) => {
      if (loaded === generation) this.#forget(current);
    });
  }

  #forget(loading: Promise<Generation>): void {
    if (this.#current !== loading) return;
    this.#current = undefined;
    loading.then(
      ({ mark }) => mark.end(),
      () => undefined,
    );
  }
}
