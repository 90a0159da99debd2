import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { EnvironmentPool } from './environment-pool.ts';
import type { FunctionDefinition } from './function-definition.ts';
import { publishAndPrint } from './function-output.ts';
import { failedPreparation } from './invocation.ts';
import type {
  ExecutionEnvironment,
  FunctionInvocation,
  FunctionOutcome,
  Preparation,
} from './invocation.ts';
import { invokePooled } from './invoke-pooled.ts';
import { processCommand } from './process-command.ts';
import type { ProcessDefinition } from './process-definition.ts';
import { ProcessEnvironment } from './process.ts';

export interface ProcessPoolOptions {
  readonly definition: FunctionDefinition;
  readonly process: ProcessDefinition;
  /** All environment variables of the processes but those that depend on the environment. */
  readonly variables: NodeJS.ProcessEnv;
  /** How long an environment is kept without an invocation. */
  readonly idleMs?: number;
}

/**
 * Runs a function in processes. Each takes one invocation at a time; another one starts when all are
 * busy, up to the number of processors: what comes then waits, where Lambda would start more.
 */
export class ProcessPool implements ExecutionEnvironment {
  readonly #options: ProcessPoolOptions;
  readonly #pool: EnvironmentPool<ProcessEnvironment>;

  constructor(options: ProcessPoolOptions) {
    const { definition, idleMs } = options;
    this.#options = options;
    this.#pool = new EnvironmentPool({
      functionName: definition.name,
      create: () => this.#create(),
      limit: availableParallelism(),
      ...(idleMs === undefined ? {} : { idleMs }),
    });
  }

  async prepare(): Promise<Preparation> {
    try {
      const pooled = await this.#pool.take(randomUUID());
      this.#pool.giveBack(pooled);
      return { type: 'ready', streaming: true, initMs: pooled.initMs, inputs: [] };
    } catch (error) {
      return failedPreparation(error);
    }
  }

  invoke(invocation: FunctionInvocation): Promise<FunctionOutcome> {
    return invokePooled(this.#pool, this.#options.definition, invocation);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #create(): Promise<ProcessEnvironment> {
    const { definition, process, variables } = this.#options;
    const command = await processCommand(definition, process, (text) => this.#tell(text));
    return ProcessEnvironment.start({ definition, command, variables });
  }

  #tell(text: string): void {
    const { name: functionName } = this.#options.definition;
    publishAndPrint({ functionName, requestId: '-', level: 'WARN', text, atMs: Date.now() });
  }
}
