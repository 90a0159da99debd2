import { LOCAL_ACCOUNT, LOCAL_REGION } from '../functions/function-name.ts';
import { DEFAULT_MEMORY_MB, DEFAULT_TIMEOUT_SECONDS } from '../functions/function-definition.ts';
import type { FunctionDefinition } from '../functions/function-definition.ts';
import { handlerFromArgument } from '../runtime/handler-spec.ts';

/** The function behind a handler that is run without a manifest; it is named `handler`. */
export function singleFunction(argument: string, directory: string): FunctionDefinition {
  const { baseDirectory, spec } = handlerFromArgument(argument, directory);
  return {
    name: 'handler',
    baseDirectory,
    handler: spec,
    isolation: 'in-process',
    timeoutSeconds: DEFAULT_TIMEOUT_SECONDS,
    memoryMb: DEFAULT_MEMORY_MB,
    environment: {},
  };
}

/** How a function answers that is run without a manifest. */
export interface SingleAnswers {
  readonly streaming: boolean;
  /** It knows nothing of batches. */
  readonly single: boolean;
}

/** The manifest of such a function: every method of every path, in small batches that wait 10 ms at most. */
export function singleManifest(
  definition: FunctionDefinition,
  { streaming, single }: SingleAnswers,
): object {
  const operation = {
    'x-target-lambda': `arn:aws:lambda:${LOCAL_REGION}:${LOCAL_ACCOUNT}:function:${definition.name}`,
    'x-lpr': {
      ...(single
        ? { maxWaitMs: 0, maxBatchSize: 1, payloadFormat: 'single' }
        : { maxWaitMs: 10, maxBatchSize: 16 }),
      timeoutMs: definition.timeoutSeconds * 1000,
      invokeMode: streaming ? 'response_stream' : 'buffered',
    },
  };
  const methods = { 'x-amazon-apigateway-any-method': operation };
  return { Spec: { paths: { '/': methods, '/{proxy+}': methods } } };
}
