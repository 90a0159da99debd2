import { delimiter } from 'node:path';
import type { FunctionDefinition } from './function-definition.ts';
import { InProcessEnvironment } from './in-process.ts';
import type { ExecutionEnvironment } from './invocation.ts';
import { reservedVariables } from './process-environment.ts';
import { nodeMajor } from './process-definition.ts';
import type { ProcessDefinition } from './process-definition.ts';
import { ProcessPool } from './process-pool.ts';
import { WorkerPool } from './worker-pool.ts';

/** What environments of an emulator have in common. */
export interface EnvironmentOptions {
  /** The variables that every function sees beside its own. */
  readonly variables: NodeJS.ProcessEnv;
  readonly idleMs?: number;
}

/** Makes what runs a function, by its isolation; nothing is loaded yet. */
export function createEnvironment(
  definition: FunctionDefinition,
  { variables, idleMs }: EnvironmentOptions,
): ExecutionEnvironment {
  const own = {
    ...variables,
    ...Object.fromEntries(reservedVariables([definition])),
    ...definition.environment,
  };
  const idle = idleMs === undefined ? {} : { idleMs };
  const { process } = definition;
  if (process !== undefined) {
    const runtime = { AWS_EXECUTION_ENV: `AWS_Lambda_${process.runtime}` };
    const variables = { ...own, ...runtime, ...modulePath(definition, process, own) };
    return new ProcessPool({ definition, process, variables, ...idle });
  }
  switch (definition.isolation) {
    case 'in-process':
      return new InProcessEnvironment(definition);
    case 'worker':
      return new WorkerPool({
        definition,
        variables: own,
        ...idle,
      });
    default:
      return definition.isolation satisfies never;
  }
}

/** What lets a runtime find the modules of layers. */
function modulePath(
  { moduleFolders = [] }: FunctionDefinition,
  { runtime }: ProcessDefinition,
  variables: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  if (moduleFolders.length === 0) return {};
  const name = nodeMajor(runtime) === undefined ? 'PYTHONPATH' : 'NODE_PATH';
  const paths = [...moduleFolders, variables[name] ?? ''].filter((path) => path !== '');
  return { [name]: paths.join(delimiter) };
}
