import type { z } from 'zod';
import type { Manifest } from './manifest.ts';
import { nearest } from './nearest.ts';
import type { ConfigProblem } from './problem.ts';
import { wordChoice, wordPath, wordValue } from './wording.ts';

/** What one part of a manifest came to. */
export type CheckedPart<T> =
  | { readonly value: T; readonly problems: readonly [] }
  | { readonly value?: undefined; readonly problems: readonly ConfigProblem[] };

/** Checks the part of a manifest at `path` against a schema; an `error` text in the schema says what is expected, e.g. `'a file name'`. */
export function checkPart<S extends z.ZodType>(
  manifest: Manifest,
  schema: S,
  path: readonly PropertyKey[] = [],
): CheckedPart<z.output<S>> {
  const parsed = schema.safeParse(valueAt(manifest.value, path), { error: expectation });
  if (parsed.success) return { value: parsed.data, problems: [] };
  return { problems: explainIssues(manifest, parsed.error.issues, path) };
}

/** Turns a schema's issues, found with `expectation` as the error map, into located problems, one for each place. */
export function explainIssues(
  manifest: Manifest,
  issues: readonly z.core.$ZodIssue[],
  basePath: readonly PropertyKey[] = [],
): ConfigProblem[] {
  const problems = new Map<string, ConfigProblem>();
  const missing = new Set<string>();
  const misspelt: string[] = [];
  for (const issue of issues) {
    const path = [...basePath, ...issue.path];
    for (const key of issue.code === 'unrecognized_keys' ? issue.keys : []) {
      addOnce([...path, key], 'key', issue);
    }
    if (issue.code === 'unrecognized_keys') continue;
    const part = issue.code === 'custom' && issue.params?.['part'] === 'key' ? 'key' : 'value';
    const problem = addOnce(path, part, issue);
    if (part === 'key' && problem.suggestion !== undefined) {
      misspelt.push(placeOf([...path.slice(0, -1), problem.suggestion]));
    }
    if (valueAt(manifest.value, path) === undefined) missing.add(placeOf(path));
  }
  // A key that is there but misspelt is one mistake; that the right one is missing follows from it.
  for (const place of misspelt) if (missing.has(place)) problems.delete(place);
  return [...problems.values()];

  function addOnce(path: readonly PropertyKey[], part: 'key' | 'value', issue: z.core.$ZodIssue) {
    const place = placeOf(path);
    const problem = problems.get(place) ?? describe(manifest, issue, path, part);
    problems.set(place, problem);
    return problem;
  }
}

/** What to say to a value that the schema gives no words of its own to. */
export const expectation: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_WORDS[issue.expected] ?? `a value of type ${issue.expected}`;
    case 'invalid_value':
      return wordChoice(issue.values.map(String));
    case 'too_small':
      return bound(issue.origin, issue.inclusive === false ? '>' : '>=', 'at least', issue.minimum);
    case 'too_big':
      return bound(issue.origin, issue.inclusive === false ? '<' : '<=', 'at most', issue.maximum);
    case 'unrecognized_keys':
      return 'a known key';
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

function describe(
  manifest: Manifest,
  issue: z.core.$ZodIssue,
  path: readonly PropertyKey[],
  part: 'key' | 'value',
): ConfigProblem {
  const value = valueAt(manifest.value, path);
  return {
    file: manifest.file,
    position: manifest.locate(path, part),
    key: wordPath(path),
    expected: issue.message,
    got: part === 'key' ? wordChoice([String(path.at(-1))]) : wordValue(value),
    suggestion: suggestionFor(issue, value),
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
