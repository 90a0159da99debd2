import { describeValue } from 'lpr-protocol';

const MAX_BODY_CHARACTERS = 60;
const MAX_LINES = 12;

/** Text in quotes, on one line, cut where it gets long. */
export function quote(text: string, max = MAX_BODY_CHARACTERS): string {
  if (text.length <= max) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, max))}… (${text.length} characters)`;
}

/** What a matcher was given that it cannot take. */
export function describeSubject(value: unknown): string {
  return value instanceof Promise ? 'a promise: await it first' : describeValue(value);
}

/** Any value in a few words. */
export function show(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (isAsymmetric(value)) return asymmetricName(value);
  if (typeof value !== 'object' || value === null) return describeValue(value);
  if (value instanceof Uint8Array) return `bytes ${quote(Buffer.from(value).toString('hex'))}`;
  const text = JSON.stringify(value);
  return text.length <= MAX_BODY_CHARACTERS ? text : `${text.slice(0, MAX_BODY_CHARACTERS)}…`;
}

/** `1 batch`, `3 batches`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Rows as lines with their columns one below the other; what is too much is counted. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    }
  }
  const lines = rows
    .slice(0, MAX_LINES)
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  const more = rows.length - MAX_LINES;
  return [...lines.map((line) => line.trimEnd()), ...(more > 0 ? [`… and ${more} more`] : [])];
}

/** An object of `expect.any(String)` and the like, of any library. */
export interface AsymmetricMatcher {
  asymmetricMatch(other: unknown): boolean;
}

export function isAsymmetric(value: unknown): value is AsymmetricMatcher {
  return (
    typeof value === 'object' &&
    value !== null &&
    'asymmetricMatch' in value &&
    typeof value.asymmetricMatch === 'function'
  );
}

function asymmetricName(value: AsymmetricMatcher): string {
  const { toAsymmetricMatcher } = value as { toAsymmetricMatcher?: () => string };
  return toAsymmetricMatcher?.call(value) ?? 'another value';
}
