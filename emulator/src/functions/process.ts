import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { RuntimeApi } from '../runtime-api/server.ts';
import type { InvocationExchange } from '../runtime-api/invocation-exchange.ts';
import { exited, toErrorPayload } from '../runtime/errors.ts';
import type { FunctionErrorPayload } from '../runtime/errors.ts';
import type { LogLevel } from './channels.ts';
import type { PooledEnvironment } from './environment-pool.ts';
import type { FunctionDefinition } from './function-definition.ts';
import { publishAndPrint } from './function-output.ts';
import { spawnGuarded } from './orphan-guard.ts';
import type { EnvironmentInvocation } from './invocation.ts';

/** The layer as the build has copied it. */
const LAYER = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/layer/' : './layer/', import.meta.url),
);

/** What the environment of extensions lacks in Lambda. */
const RUNTIME_ONLY = ['_HANDLER', 'LAMBDA_TASK_ROOT', 'AWS_EXECUTION_ENV'];

/** How long processes may take to end once they are asked to, in ms; Lambda gives extensions 2 s. */
const GRACE_MS = 1000;

/** Where a process comes from. */
export interface ProcessOptions {
  readonly definition: FunctionDefinition;
  /** The runtime's command line. */
  readonly command: readonly string[];
  /** All environment variables but those that depend on the environment itself. */
  readonly variables: NodeJS.ProcessEnv;
}

/**
 * One execution environment: the function under AWS's runtime client, started by the layer's wrapper,
 * the layer's extension beside it, and the APIs that both talk to.
 */
export class ProcessEnvironment implements PooledEnvironment {
  readonly #definition: FunctionDefinition;
  readonly #api: RuntimeApi;
  readonly #processes: readonly ChildProcess[];
  readonly #exits: readonly Promise<unknown>[];
  readonly #killAll = (): void => {
    for (const child of this.#processes) this.#signal('SIGKILL', child);
  };
  readonly #releases: (() => void)[] = [];
  #current: InvocationExchange | undefined;
  #lastRequestId: string = randomUUID();
  #alive = true;
  #ending: Promise<void> | undefined;

  private constructor(options: ProcessOptions, api: RuntimeApi, proxyAddress: string) {
    const { definition, command, variables } = options;
    this.#definition = definition;
    this.#api = api;
    const env: NodeJS.ProcessEnv = {
      ...variables,
      AWS_LAMBDA_RUNTIME_API: api.address,
      AWS_LAMBDA_LOG_STREAM_NAME: `local/[$LATEST]${randomUUID().replaceAll('-', '')}`,
      LPR_PROXY_ADDR: proxyAddress,
      // The extension looks for a Node.js there when it is not in Lambda.
      PATH: `${dirname(process.execPath)}${delimiter}${variables['PATH'] ?? ''}`,
    };
    const plain = Object.fromEntries(
      Object.entries(env).filter(([name]) => !RUNTIME_ONLY.includes(name)),
    );
    const extension = this.#spawn(join(LAYER, 'extensions', 'lpr-runtime-api-proxy'), [], plain);
    const runtime = this.#spawn(join(LAYER, 'lpr', 'exec-wrapper.sh'), command, env);
    this.#processes = [extension, runtime];
    this.#exits = this.#processes.map(
      (child) => new Promise((resolve) => child.once('close', resolve)),
    );
    extension.once('exit', (code) => this.#ended('Extension.Crash', code));
    runtime.once('exit', (code, signal) => void this.#runtimeExited(code, signal));
    process.once('exit', this.#killAll);
  }

  /** Starts the processes; they are of use once `ready` has resolved. */
  static async start(options: ProcessOptions): Promise<ProcessEnvironment> {
    const [api, proxyAddress] = await Promise.all([RuntimeApi.start(1), freeAddress()]);
    return new ProcessEnvironment(options, api, proxyAddress);
  }

  /** Resolves when Init is complete; rejects with a `FunctionFailure`. */
  get ready(): Promise<void> {
    return this.#api.ready;
  }

  /** Whether it can take an invocation. */
  get alive(): boolean {
    return this.#alive;
  }

  /** Resolves when its processes have ended. */
  get ended(): Promise<unknown> {
    return Promise.all(this.#exits);
  }

  /** Hands an invocation to the runtime, after `ready`. */
  start(invocation: EnvironmentInvocation, signal: AbortSignal | undefined): InvocationExchange {
    this.#lastRequestId = invocation.requestId;
    const exchange = this.#api.invoke(invocation);
    this.#current = exchange;
    exchange.finished.catch((failure: unknown) => {
      // The proxy may know of the end before this process does.
      if (toErrorPayload(failure).errorType === 'Runtime.ExitError') this.#alive = false;
    });
    if (!this.#alive) exchange.fail(exited(invocation.requestId, 1));
    signal?.addEventListener('abort', () => exchange.abandon(), { once: true });
    return exchange;
  }

  /** Ends the processes, first asking them to unless there is an `failure` to end them with. */
  kill(failure?: FunctionErrorPayload): Promise<void> {
    this.#alive = false;
    this.#ending ??= this.#end(failure);
    return this.#ending;
  }

  async #end(failure: FunctionErrorPayload | undefined): Promise<void> {
    if (failure !== undefined) this.#api.fail(failure);
    const timer = setTimeout(this.#killAll, failure === undefined ? GRACE_MS : 0);
    // As in Lambda the runtime ends first; its client would complain about a proxy that has gone.
    this.#signal('SIGTERM', this.#processes[1]);
    await this.#exits[1];
    this.#api.shutDown();
    await this.#exits[0];
    clearTimeout(timer);
    process.off('exit', this.#killAll);
    for (const release of this.#releases) release();
    this.#api.fail(failure ?? exited(this.#lastRequestId, 0));
    await this.#api.close();
  }

  #spawn(program: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
    const { child, release } = spawnGuarded(program, args, {
      cwd: this.#definition.baseDirectory,
      env,
      // A group of its own, so that the processes that it starts end with it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#releases.push(release);
    child.once('error', (error) => {
      this.#api.fail({ errorType: 'Runtime.InvalidEntrypoint', errorMessage: error.message });
    });
    this.#print(child.stdout, 'INFO');
    this.#print(child.stderr, 'ERROR');
    return child;
  }

  #print(stream: NodeJS.ReadableStream | null, level: LogLevel): void {
    if (stream === null) return;
    createInterface({ input: stream }).on('line', (text) => {
      const { name: functionName } = this.#definition;
      const requestId = this.#lastRequestId;
      publishAndPrint({ functionName, requestId, level, text, atMs: Date.now() });
    });
  }

  #signal(signal: NodeJS.Signals, child: ChildProcess | undefined): void {
    try {
      if (child?.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // It has ended already.
    }
  }

  async #runtimeExited(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    this.#alive = false;
    const error = exited(this.#lastRequestId, code ?? 1);
    const reason = signal === null ? error.errorMessage : `signal: ${signal}`;
    // The proxy answers for what is under way; it notices by itself.
    const timer = setTimeout(() => this.#api.fail({ ...error, errorMessage: reason }), GRACE_MS);
    await this.#current?.finished.catch(() => undefined);
    clearTimeout(timer);
    this.#api.fail({ ...error, errorMessage: reason });
    if (this.#ending === undefined) this.#killAll();
  }

  #ended(errorType: string, code: number | null): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#api.fail({ errorType, errorMessage: `The extension exited with ${code ?? 'a signal'}` });
    this.#killAll();
  }
}

async function freeAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}
