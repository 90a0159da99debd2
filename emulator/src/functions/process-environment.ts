import type { FunctionDefinition } from './function-definition.ts';
import { LOCAL_REGION } from './function-name.ts';

/** A variable that functions of one process want to have different values. */
export interface EnvironmentConflict {
  readonly variable: string;
  readonly functions: readonly string[];
}

/** What all in-process functions together ask of `process.env`. */
export interface MergedEnvironment {
  readonly variables: ReadonlyMap<string, string>;
  /** The first function's value is used for these. */
  readonly conflicts: readonly EnvironmentConflict[];
}

/** Merges the functions' `Environment`s. Variables on which they disagree are conflicts. */
export function mergeEnvironments(functions: readonly FunctionDefinition[]): MergedEnvironment {
  const variables = new Map<string, string>();
  const owners = new Map<string, string[]>();
  const contested = new Set<string>();
  for (const { name, environment } of functions) {
    for (const [variable, value] of Object.entries(environment)) {
      const chosen = variables.get(variable);
      if (chosen === undefined) variables.set(variable, value);
      else if (chosen !== value) contested.add(variable);
      owners.set(variable, [...(owners.get(variable) ?? []), name]);
    }
  }
  const conflicts = [...contested].map((variable) => ({
    variable,
    functions: owners.get(variable) ?? [],
  }));
  return { variables, conflicts };
}

/**
 * The variables that Lambda itself sets, as far as one process can: those that name a function are left
 * out when there are several functions.
 */
export function reservedVariables(functions: readonly FunctionDefinition[]): Map<string, string> {
  const region = process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? LOCAL_REGION;
  const variables = new Map([
    ['AWS_EXECUTION_ENV', `AWS_Lambda_nodejs${process.versions.node.split('.', 1)[0]}.x`],
    ['AWS_REGION', region],
    ['AWS_DEFAULT_REGION', region],
  ]);
  const [only, ...others] = functions;
  if (only === undefined || others.length > 0) return variables;
  return variables
    .set('AWS_LAMBDA_FUNCTION_NAME', only.name)
    .set('AWS_LAMBDA_FUNCTION_VERSION', '$LATEST')
    .set('AWS_LAMBDA_FUNCTION_MEMORY_SIZE', String(only.memoryMb))
    .set('AWS_LAMBDA_LOG_GROUP_NAME', `/aws/lambda/${only.name}`)
    .set('LAMBDA_TASK_ROOT', only.baseDirectory)
    .set('_HANDLER', only.handler.text);
}

/** Sets variables of this process; the returned function puts back what was there. */
export function applyVariables(variables: ReadonlyMap<string, string>): () => void {
  const previous = new Map<string, string | undefined>();
  for (const [variable, value] of variables) {
    previous.set(variable, process.env[variable]);
    process.env[variable] = value;
  }
  return () => {
    for (const [variable, value] of previous) {
      // Assigning `undefined` would store the text "undefined".
      if (value === undefined) Reflect.deleteProperty(process.env, variable);
      else process.env[variable] = value;
    }
  };
}
