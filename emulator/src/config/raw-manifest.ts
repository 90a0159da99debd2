/** The value at `path` of something unchecked; `undefined` where there is none. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce((current, key) => mapping(current)[key], value);
}

/** Something unchecked as a mapping; empty when it is none. */
export function mapping(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
