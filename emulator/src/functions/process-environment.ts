import type { FunctionDefinition } from './function-definition.ts';
import { LOCAL_REGION } from './function-name.ts';

/** A function that cannot share the process because another one wants a variable to be different. */
export interface MovedFunction {
  readonly name: string;
  readonly variable: string;
  /** The function whose value the process has. */
  readonly because: string;
}

/** Functions with their isolation decided, and what the process gets for those that share it. */
export interface SharedEnvironment {
  readonly functions: readonly FunctionDefinition[];
  readonly variables: ReadonlyMap<string, string>;
  readonly moved: readonly MovedFunction[];
}

/**
 * Merges the `Environment`s of the functions that share this process. One that contradicts those before
 * it moves to `worker`.
 */
export function shareEnvironment(functions: readonly FunctionDefinition[]): SharedEnvironment {
  const variables = new Map<string, string>();
  const owners = new Map<string, string>();
  const moved: MovedFunction[] = [];
  const decided = functions.map((definition) => {
    if (definition.isolation !== 'in-process') return definition;
    const { name, environment } = definition;
    const clash = Object.entries(environment).find(
      ([variable, value]) => (variables.get(variable) ?? value) !== value,
    )?.[0];
    if (clash !== undefined) {
      moved.push({ name, variable: clash, because: owners.get(clash) ?? name });
      return { ...definition, isolation: 'worker' as const };
    }
    for (const [variable, value] of Object.entries(environment)) {
      variables.set(variable, value);
      if (!owners.has(variable)) owners.set(variable, name);
    }
    return definition;
  });
  return { functions: decided, variables, moved };
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
