/**
 * One thing wrong with a value: where, what was wanted, what was there.
 * `path` is relative to the value that was judged (`batch[2].requestContext.requestId`); `''` is that value itself.
 * `got` never carries a body, a header value or a cookie, so a problem can be logged.
 */
export interface Problem {
  readonly path: string;
  readonly expected: string;
  readonly got: string;
}

/** A value that passed its parser, or everything that is wrong with it (at least one problem). */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const MAX_QUOTED_CHARACTERS = 64;

/** Describes an offending value in a few words: `` `42` (number) ``, `` `nope` (string) ``, `null`, `array`. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) {
    return String(value);
  }
  switch (typeof value) {
    case 'string': {
      const shown =
        value.length > MAX_QUOTED_CHARACTERS ? `${value.slice(0, MAX_QUOTED_CHARACTERS)}…` : value;
      return `\`${shown}\` (string)`;
    }
    case 'number':
    case 'boolean':
    case 'bigint':
      return `\`${value}\` (${typeof value})`;
    default:
      return Array.isArray(value) ? 'array' : typeof value;
  }
}

/** Formats a problem as one sentence: ``Expected `statusCode` to be an integer 200–599, got `42` (number)``. */
export function formatProblem(problem: Problem): string {
  const subject = problem.path === '' ? 'the value' : `\`${problem.path}\``;
  return `Expected ${subject} to be ${problem.expected}, got ${problem.got}`;
}

/** Whether `value` is what JSON calls an object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
