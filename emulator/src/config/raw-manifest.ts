/** The value at `path` of something unchecked; `undefined` where there is none. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce((current, key) => mapping(current)[key], value);
}

/** Something unchecked as a mapping; empty when it is none. */
export function mapping(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Something unchecked as text; empty when it is a mapping, a list or nothing. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
