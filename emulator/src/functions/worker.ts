import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { logStreamName } from '../runtime/context.ts';
import { FunctionFailure, exited, outOfMemory, toErrorPayload } from '../runtime/errors.ts';
import type { FunctionErrorPayload } from '../runtime/errors.ts';
import type { BundleFile } from '../runtime/run-bundle.ts';
import { channels } from './channels.ts';
import type { FunctionLogged, LateFailure } from './channels.ts';
import type { PooledEnvironment } from './environment-pool.ts';
import type { FunctionDefinition } from './function-definition.ts';
import { publishAndPrint } from './function-output.ts';
import type { EnvironmentInvocation } from './invocation.ts';
import { watchMemory } from './memory-watch.ts';
import type { HandlerAnswer, RunningHandler } from './run-handler.ts';
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts';

const SOURCE = import.meta.url.endsWith('.ts');
const MAIN = new URL(SOURCE ? './worker-main.ts' : './worker-main.js', import.meta.url);

const BYTES_PER_MB = 1_048_576;

/** Where a worker comes from. */
export interface WorkerOptions {
  readonly definition: FunctionDefinition;
  readonly bundle: BundleFile;
  /** All of the worker's environment variables. */
  readonly variables: NodeJS.ProcessEnv;
}

interface Current {
  readonly requestId: string;
  readonly answer: PromiseWithResolvers<HandlerAnswer>;
  readonly finished: PromiseWithResolvers<void>;
  chunk: PromiseWithResolvers<Uint8Array | undefined>;
}

/**
 * One execution environment in a worker thread: its own modules, globals, environment variables and
 * heap. It takes one invocation at a time and is of no use once its thread has ended.
 */
export class WorkerEnvironment implements PooledEnvironment {
  /** Resolves to whether the handler streams; rejects with a `FunctionFailure` when it cannot be loaded. */
  readonly ready: Promise<boolean>;
  readonly #definition: FunctionDefinition;
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  readonly #ready = Promise.withResolvers<boolean>();
  #current: Current | undefined;
  #lastRequestId: string = randomUUID();
  #invoked = false;
  #watched = false;
  #error: FunctionErrorPayload | undefined;
  #alive = true;

  constructor({ definition, bundle, variables }: WorkerOptions) {
    const { name, memoryMb, handler } = definition;
    this.#definition = definition;
    const stream = logStreamName(new Date(), randomUUID().replaceAll('-', ''));
    const start: WorkerStart = {
      bundle: { path: bundle.path, format: bundle.format },
      spec: handler,
      owner: { name, memoryMb, logStreamName: stream },
    };
    this.ready = this.#ready.promise;
    this.ready.catch(() => undefined);
    this.#worker = new Worker(MAIN, {
      workerData: start,
      env: variables,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    this.#worker.on('message', (message: FromWorker) => this.#take(message));
    this.#worker.on('error', (error: unknown) => {
      this.#error ??= this.#diagnose(error);
    });
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#end(code);
        resolve();
      });
    });
  }

  /** Whether it can take an invocation, now or when the present one is over. */
  get alive(): boolean {
    return this.#alive;
  }

  /** Resolves when the thread has ended. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Calls the handler, after `ready`. */
  start(invocation: EnvironmentInvocation, signal: AbortSignal | undefined): RunningHandler {
    const current: Current = {
      requestId: invocation.requestId,
      answer: Promise.withResolvers(),
      finished: Promise.withResolvers(),
      chunk: Promise.withResolvers(),
    };
    for (const { promise } of [current.answer, current.finished, current.chunk]) {
      promise.catch(() => undefined);
    }
    this.#current = current;
    this.#invoked = true;
    this.#lastRequestId = invocation.requestId;
    if (!this.#alive) this.#fail(this.#error ?? exited(invocation.requestId, 1));
    else this.#tell({ type: 'invoke', ...invocation });
    void this.#watchMemory();
    signal?.addEventListener('abort', () => this.#abandon(current, signal.reason), { once: true });
    return { answer: current.answer.promise, finished: current.finished.promise };
  }

  /** Ends the thread; an invocation under way fails with `error`. */
  async kill(error?: FunctionErrorPayload): Promise<void> {
    this.#alive = false;
    this.#error ??= error;
    await this.#worker.terminate();
    await this.#ended;
  }

  async #watchMemory(): Promise<void> {
    if (this.#watched) return;
    this.#watched = true;
    await watchMemory({
      worker: this.#worker,
      limitBytes: this.#definition.memoryMb * BYTES_PER_MB,
      isBusy: () => this.#alive && this.#current !== undefined,
      onExceeded: () => void this.kill(outOfMemory(this.#lastRequestId)),
    });
    this.#watched = false;
  }

  #tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #take(message: FromWorker): void {
    const current = this.#current;
    switch (message.type) {
      case 'ready':
        this.#ready.resolve(message.streaming);
        break;
      case 'failed':
        this.#error ??= message.error;
        void this.kill();
        break;
      case 'log':
        this.#log(message);
        break;
      case 'crashed':
        this.#alive = false;
        this.#error ??= message.error;
        break;
      case 'answer':
        current?.answer.resolve({ type: 'buffered', bytes: message.bytes });
        break;
      case 'stream': {
        const { contentType } = message;
        if (current === undefined) break;
        current.answer.resolve({ type: 'stream', contentType, chunks: this.#chunks(current) });
        break;
      }
      case 'refused':
        current?.answer.reject(new FunctionFailure(message.error));
        break;
      case 'chunk':
        current?.chunk.resolve(message.bytes);
        break;
      case 'end':
        if (message.error === undefined) current?.chunk.resolve(undefined);
        else current?.chunk.reject(new FunctionFailure(message.error));
        break;
      case 'finished':
        this.#current = undefined;
        if (message.error === undefined) current?.finished.resolve();
        else current?.finished.reject(new FunctionFailure(message.error));
        break;
      default:
        message satisfies never;
    }
  }

  async *#chunks(current: Current): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        if (this.#current === current) this.#tell({ type: 'next' });
        const bytes = await current.chunk.promise;
        if (bytes === undefined) return;
        current.chunk = Promise.withResolvers();
        current.chunk.promise.catch(() => undefined);
        yield bytes;
      }
    } finally {
      this.#abandon(current, undefined);
    }
  }

  #abandon(current: Current, reason: unknown): void {
    if (this.#current !== current) return;
    current.chunk.reject(reason);
    this.#tell({ type: 'abandon' });
  }

  #log({ level, text }: Extract<FromWorker, { type: 'log' }>): void {
    const { name: functionName } = this.#definition;
    const requestId = this.#lastRequestId;
    const line: FunctionLogged = { functionName, requestId, level, text, atMs: Date.now() };
    publishAndPrint(line);
  }

  #diagnose(error: unknown): FunctionErrorPayload {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ERR_WORKER_OUT_OF_MEMORY') return toErrorPayload(error);
    return outOfMemory(this.#lastRequestId);
  }

  #end(code: number): void {
    const killed = !this.#alive && this.#error === undefined;
    this.#alive = false;
    const error = this.#error ?? exited(this.#lastRequestId, code);
    this.#ready.reject(new FunctionFailure(error));
    if (this.#current !== undefined) this.#fail(error);
    else if (!killed && this.#invoked) this.#tellLate(error);
  }

  #tellLate(error: FunctionErrorPayload): void {
    const { name: functionName } = this.#definition;
    const late: LateFailure = { functionName, requestId: this.#lastRequestId, error };
    channels.lateFailure.publish(late);
  }

  #fail(error: FunctionErrorPayload): void {
    const failure = new FunctionFailure(error);
    const current = this.#current;
    this.#current = undefined;
    current?.answer.reject(failure);
    current?.chunk.reject(failure);
    current?.finished.reject(failure);
  }
}
