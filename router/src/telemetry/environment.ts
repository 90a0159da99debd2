import { ConfigError } from '../config/problem.ts';

/**
 * An environment variable that cannot be used, worded as a mistake in the manifest is. `got` must
 * not repeat a secret.
 */
export function environmentError(variable: string, expected: string, got: string): ConfigError {
  return new ConfigError([
    { file: 'environment', position: undefined, key: variable, expected, got },
  ]);
}
