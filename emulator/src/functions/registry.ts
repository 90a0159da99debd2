import type { FunctionDefinition } from './function-definition.ts';
import { InProcessEnvironment } from './in-process.ts';
import type {
  ExecutionEnvironment,
  FunctionInvocation,
  FunctionOutcome,
  Preparation,
} from './invocation.ts';
import { applyVariables, mergeEnvironments, reservedVariables } from './process-environment.ts';
import type { EnvironmentConflict } from './process-environment.ts';

/** A call of a function that the registry does not have. */
export class UnknownFunctionError extends Error {
  override readonly name = 'UnknownFunctionError';
  readonly functionName: string;

  constructor(functionName: string, known: readonly string[]) {
    const names = known.map((name) => `\`${name}\``).join(', ');
    super(
      `Expected the name of a function (${names || 'there are none'}), got \`${functionName}\``,
    );
    this.functionName = functionName;
  }
}

/** The functions of one emulator. */
export interface FunctionRegistry {
  readonly functions: readonly FunctionDefinition[];
  /** Variables that functions sharing this process want to have different values. */
  readonly conflicts: readonly EnvironmentConflict[];
  has(name: string): boolean;
  /** Loads every handler that is not loaded; what that came to, by function. */
  prepare(): Promise<ReadonlyMap<string, Preparation>>;
  /** Rejects with an `UnknownFunctionError` or the reason of the caller's signal; see {@link FunctionOutcome}. */
  invoke(name: string, invocation: FunctionInvocation): Promise<FunctionOutcome>;
  /** Forgets all handlers and restores the environment variables. */
  close(): Promise<void>;
}

/**
 * Makes a registry. The functions' variables are set in `process.env` until `close()`: handlers run in
 * this process and read them while they are loaded.
 */
export function createRegistry(functions: readonly FunctionDefinition[]): FunctionRegistry {
  const environments = new Map<string, ExecutionEnvironment>(
    functions.map((definition) => [definition.name, new InProcessEnvironment(definition)]),
  );
  const { variables, conflicts } = mergeEnvironments(functions);
  const restore = applyVariables(new Map([...reservedVariables(functions), ...variables]));
  return {
    functions,
    conflicts,
    has: (name) => environments.has(name),
    async prepare() {
      const preparing = [...environments].map(
        async ([name, environment]) => [name, await environment.prepare()] as const,
      );
      return new Map(await Promise.all(preparing));
    },
    async invoke(name, invocation) {
      const environment = environments.get(name);
      if (environment === undefined) {
        throw new UnknownFunctionError(name, [...environments.keys()]);
      }
      return environment.invoke(invocation);
    },
    async close() {
      await Promise.all([...environments.values()].map((environment) => environment.close()));
      restore();
    },
  };
}
