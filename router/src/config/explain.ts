import type { z } from 'zod';
import type { Manifest } from './manifest.ts';
import { nearest } from './nearest.ts';
import { byPosition } from './problem.ts';
import type { ConfigProblem } from './problem.ts';
import { keysAt } from './schema-keys.ts';
import type { KnownKeys } from './schema-keys.ts';
import { NOTHING, wordChoice, wordPath, wordValue } from './wording.ts';

/** What one part of a manifest came to. */
export type CheckedPart<T> =
  | { readonly value: T; readonly problems: readonly [] }
  | { readonly value?: undefined; readonly problems: readonly ConfigProblem[] };

/**
 * Checks the part of a manifest at `path` against a schema.
 *
 * An `error` text in the schema completes "expected …", e.g. `'a file name'`; without one there are words for the
 * common cases. Make strict objects with `section` to let keys be ignored. Problems are in the order of the text.
 */
export function checkPart<S extends z.ZodType>(
  manifest: Manifest,
  schema: S,
  path: readonly PropertyKey[] = [],
): CheckedPart<z.output<S>> {
  const parsed = schema.safeParse(valueAt(manifest.value, path), { error: expectation });
  if (parsed.success) return { value: parsed.data, problems: [] };
  return { problems: explainIssues(manifest, schema, parsed.error.issues, path) };
}

// One problem for each place: what else is wrong with a value follows from the first.
function explainIssues(
  manifest: Manifest,
  schema: z.core.$ZodType,
  issues: readonly z.core.$ZodIssue[],
  basePath: readonly PropertyKey[],
): ConfigProblem[] {
  const problems = new Map<string, ConfigProblem>();
  const misspelt: string[] = [];
  for (const issue of issues.flatMap(chosen)) {
    const path = [...basePath, ...issue.path];
    if (issue.code !== 'unrecognized_keys') {
      const place = placeOf(path);
      if (!problems.has(place)) problems.set(place, badValue(manifest, path, issue));
      continue;
    }
    const known = keysAt(schema, issue.path);
    for (const key of issue.keys) {
      const problem = unknownKey(manifest, [...path, key], known);
      problems.set(placeOf([...path, key]), problem);
      if (problem.suggestion !== undefined) misspelt.push(placeOf([...path, problem.suggestion]));
    }
  }
  // A key that is there but misspelt is one mistake; that the right one is missing follows from it.
  for (const place of misspelt) if (problems.get(place)?.got === NOTHING) problems.delete(place);
  return [...problems.values()].toSorted(byPosition);
}

// Where only one alternative of a union finds fault with what is inside the value, that one was meant.
function chosen(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.filter((issues) => issues.every(({ path }) => path.length > 0));
  const [only] = meant;
  if (only === undefined || meant.length > 1) return [issue];
  return only.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

// What to say to a value that the schema gives no words of its own to.
const expectation: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_WORDS[issue.expected] ?? `a value of type ${issue.expected}`;
    case 'invalid_value':
      return wordChoice(issue.values.map(String));
    case 'too_small':
      return bound(issue.origin, issue.inclusive === false ? '>' : '>=', 'at least', issue.minimum);
    case 'too_big':
      return bound(issue.origin, issue.inclusive === false ? '<' : '<=', 'at most', issue.maximum);
    default:
      return 'a valid value';
  }
};

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'an integer',
  boolean: '`true` or `false`',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/** The value at `path`; `undefined` where there is none. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) {
      return undefined;
    }
    current = (current as Record<PropertyKey, unknown>)[key];
  }
  return current;
}

function badValue(
  manifest: Manifest,
  path: readonly PropertyKey[],
  issue: z.core.$ZodIssue,
): ConfigProblem {
  const value = valueAt(manifest.value, path);
  return {
    file: manifest.file,
    position: manifest.locate(path),
    key: wordPath(path),
    expected: issue.message,
    got: wordValue(value),
    suggestion: suggestionFor(issue, value),
  };
}

function unknownKey(
  manifest: Manifest,
  path: readonly PropertyKey[],
  { own, ignored }: KnownKeys,
): ConfigProblem {
  const name = String(path.at(-1));
  const suggestion = nearest(name, [...own, ...ignored]);
  const choice = own.length > 1 ? `one of ${wordChoice(own)}` : wordChoice(own);
  return {
    file: manifest.file,
    position: manifest.locate(path, 'key'),
    key: wordPath(path),
    expected: suggestion === undefined ? choice : 'a known key',
    got: wordChoice([name]),
    suggestion,
  };
}

function suggestionFor(issue: z.core.$ZodIssue, value: unknown): string | undefined {
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    return nearest(value, issue.values.map(String));
  }
  const suggestion: unknown = issue.code === 'custom' ? issue.params?.['suggestion'] : undefined;
  return typeof suggestion === 'string' ? suggestion : undefined;
}

// Not `wordPath`: a dot inside a key must not make two places one.
function placeOf(path: readonly PropertyKey[]): string {
  return JSON.stringify(path.map(String));
}

function bound(origin: string, sign: string, words: string, limit: number | bigint): string {
  if (origin === 'string') return `${words} ${limit} characters`;
  if (origin === 'array' || origin === 'set') return `${words} ${limit} items`;
  return `a number ${sign} ${limit}`;
}
