import type { Operation } from 'lpr-router';
import type { LoadRoute } from '../routes.ts';

/** What is known of a function besides its name. */
export type FunctionSettings = Partial<Pick<LoadRoute, 'memoryMb' | 'architecture'>>;

/** The routes of a router's operations at a base URL; each is called by its `operationId`, failing that its path. */
export function routesOf(
  operations: readonly Operation[],
  baseUrl: string,
  settingsOf: (functionName: string) => FunctionSettings = () => ({}),
): readonly LoadRoute[] {
  const base = baseUrl.replace(/\/$/, '');
  return operations.map(
    ({ method, path, operationId, payloadFormat, maxBatchSize, functionName }) => ({
      name: operationId ?? `${method} ${path}`,
      method,
      url: `${base}${path}`,
      direct: payloadFormat === 'single' || maxBatchSize === 1,
      functionName,
      memoryMb: undefined,
      architecture: undefined,
      ...settingsOf(functionName),
    }),
  );
}
