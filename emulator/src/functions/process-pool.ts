import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { INIT_TIMEOUT_MS } from '../limits.ts';
import { FunctionFailure, exited, toErrorPayload } from '../runtime/errors.ts';
import type { FunctionErrorPayload } from '../runtime/errors.ts';
import { channels } from './channels.ts';
import type { InvocationEnded, InvocationStarted } from './channels.ts';
import type { FunctionDefinition } from './function-definition.ts';
import { defaultFunctionArn } from './function-name.ts';
import { publishAndPrint } from './function-output.ts';
import type {
  ExecutionEnvironment,
  FunctionInvocation,
  FunctionOutcome,
  Preparation,
} from './invocation.ts';
import { processCommand } from './process-command.ts';
import type { ProcessDefinition } from './process-definition.ts';
import { ProcessEnvironment } from './process.ts';
import { afterTime, timedOut, unlessAborted, withTimeLimit } from './time-limit.ts';

export interface ProcessPoolOptions {
  readonly definition: FunctionDefinition;
  readonly process: ProcessDefinition;
  /** All environment variables of the processes but those that depend on the environment. */
  readonly variables: NodeJS.ProcessEnv;
}

/** How many environments an invocation is handed to when one after the other ends before it takes it. */
const MAX_ATTEMPTS = 3;

interface Started {
  readonly environment: ProcessEnvironment;
  readonly initMs: number;
}

/**
 * Runs a function in processes. Each takes one invocation at a time; another one starts when all are
 * busy, up to the number of processors: what comes then waits, where Lambda would start more.
 */
export class ProcessPool implements ExecutionEnvironment {
  readonly #options: ProcessPoolOptions;
  readonly #environments = new Set<ProcessEnvironment>();
  readonly #idle: Started[] = [];
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  #closed = false;

  constructor(options: ProcessPoolOptions) {
    this.#options = options;
  }

  async prepare(): Promise<Preparation> {
    try {
      const started = this.#take() ?? (await this.#start(randomUUID()));
      this.#idle.push(started);
      return { type: 'ready', streaming: true, initMs: started.initMs, inputs: [] };
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
    await Promise.all([...this.#environments].map((environment) => environment.kill()));
  }

  async #invoke(
    invocation: FunctionInvocation,
    requestId: string,
    attempt = 1,
  ): Promise<FunctionOutcome> {
    const { name: functionName } = this.#options.definition;
    let cold = true;
    let startedAt = performance.now();
    const end = (error?: FunctionErrorPayload): void => {
      const durationMs = performance.now() - startedAt;
      const ended: InvocationEnded = { requestId, functionName, cold, durationMs, error };
      channels.invocationEnded.publish(ended);
    };
    await this.#enter();
    let started: Started;
    try {
      started = this.#take() ?? (await this.#start(requestId));
    } catch (thrown) {
      this.#leave();
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
    const { running, cancel } = this.#hand(environment, invocation, requestId);
    if (!(await running.taken) && !this.#closed && attempt < MAX_ATTEMPTS) {
      const ended = await running.finished.catch((failure: unknown) => toErrorPayload(failure));
      if (ended?.errorType === 'Runtime.ExitError') {
        // The process had ended unnoticed, and nothing has run: another one takes over.
        cancel();
        this.#rest(started);
        return this.#invoke(invocation, requestId, attempt + 1);
      }
    }
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

  #hand(environment: ProcessEnvironment, invocation: FunctionInvocation, requestId: string) {
    const { name, timeoutSeconds } = this.#options.definition;
    const timeoutMs = timeoutSeconds * 1000;
    const cancel = afterTime(timeoutMs, () => {
      void environment.kill(timedOut(requestId, timeoutMs));
    });
    const { payload, mode, clientContext, tenantId, invokedFunctionArn } = invocation;
    const running = environment.start(
      {
        requestId,
        payload: payload.byteLength === 0 ? Buffer.from('{}') : payload,
        mode,
        deadline: Date.now() + timeoutMs,
        invokedFunctionArn: invokedFunctionArn ?? defaultFunctionArn(name),
        clientContext,
        ...(tenantId === undefined ? {} : { tenantId }),
      },
      invocation.signal,
    );
    return { running, cancel };
  }

  async #enter(): Promise<void> {
    if (this.#busy >= availableParallelism()) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#busy += 1;
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#busy -= 1;
    else next();
  }

  #take(): Started | undefined {
    for (;;) {
      const started = this.#idle.pop();
      if (started === undefined || started.environment.alive) return started;
      this.#drop(started.environment);
    }
  }

  #rest(started: Started): void {
    if (started.environment.alive) this.#idle.push(started);
    else this.#drop(started.environment);
    this.#leave();
  }

  #drop(environment: ProcessEnvironment): void {
    if (this.#environments.delete(environment)) void environment.kill();
  }

  async #start(requestId: string): Promise<Started> {
    const { definition, process, variables } = this.#options;
    const command = await processCommand(definition, process, (text) => this.#tell(text));
    if (this.#closed) throw new FunctionFailure(exited(requestId, 0));
    const startedAt = performance.now();
    const environment = await ProcessEnvironment.start({ definition, command, variables });
    this.#environments.add(environment);
    try {
      await withTimeLimit(environment.ready, { milliseconds: INIT_TIMEOUT_MS, requestId });
    } catch (error) {
      this.#drop(environment);
      throw error;
    }
    return { environment, initMs: performance.now() - startedAt };
  }

  #tell(text: string): void {
    const { name: functionName } = this.#options.definition;
    publishAndPrint({ functionName, requestId: '-', level: 'WARN', text, atMs: Date.now() });
  }
}
