import { randomUUID } from 'node:crypto';
import { asImportError } from '../runtime/find-handler.ts';
import { findModule } from '../runtime/find-module.ts';
import { writeBundle } from '../runtime/import-bundle.ts';
import type { BundleFile } from '../runtime/run-bundle.ts';
import { createScratchFolder } from '../runtime/scratch-folder.ts';
import type { ScratchFolder } from '../runtime/scratch-folder.ts';
import { EnvironmentPool } from './environment-pool.ts';
import type { FunctionDefinition } from './function-definition.ts';
import { failedPreparation } from './invocation.ts';
import type {
  ExecutionEnvironment,
  FunctionInvocation,
  FunctionOutcome,
  Preparation,
} from './invocation.ts';
import { invokePooled } from './invoke-pooled.ts';
import { WorkerEnvironment } from './worker.ts';

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

/**
 * Runs a function in worker threads, as Lambda does in environments: each takes one invocation at a
 * time, another one starts when all are busy, and one that is idle for long ends. A timeout, a crash or
 * too much memory ends an environment and nothing else.
 */
export class WorkerPool implements ExecutionEnvironment {
  readonly #options: WorkerPoolOptions;
  readonly #pool: EnvironmentPool<WorkerEnvironment>;
  #bundle: Promise<Bundle> | undefined;

  constructor(options: WorkerPoolOptions) {
    const { definition, idleMs } = options;
    this.#options = options;
    this.#pool = new EnvironmentPool({
      functionName: definition.name,
      create: () => this.#create(),
      // The module may be mended before the next invocation.
      onBarren: () => this.#forget(),
      ...(idleMs === undefined ? {} : { idleMs }),
    });
  }

  /** How many environments there are, busy or not. */
  get size(): number {
    return this.#pool.size;
  }

  async prepare(): Promise<Preparation> {
    try {
      const { inputs } = await this.#load();
      const pooled = await this.#pool.take(randomUUID());
      const streaming = await pooled.environment.ready;
      this.#pool.giveBack(pooled);
      return { type: 'ready', streaming, initMs: pooled.initMs, inputs };
    } catch (error) {
      return failedPreparation(error);
    }
  }

  invoke(invocation: FunctionInvocation): Promise<FunctionOutcome> {
    return invokePooled(this.#pool, this.#options.definition, invocation);
  }

  async close(): Promise<void> {
    await this.#pool.close();
    await this.#forget();
  }

  async #create(): Promise<WorkerEnvironment> {
    const { definition, variables } = this.#options;
    return new WorkerEnvironment({ definition, bundle: await this.#load(), variables });
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
    const { baseDirectory, handler, moduleFolders } = this.#options.definition;
    const folder = await createScratchFolder();
    try {
      const entry = findModule(baseDirectory, handler);
      return { ...(await writeBundle(entry, folder.path, moduleFolders)), folder };
    } catch (error) {
      await folder.remove();
      throw asImportError(error);
    }
  }
}
