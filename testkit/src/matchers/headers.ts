import { isAsymmetric } from './wording.ts';

/**
 * What was got and what is wanted, with the names of their headers in lower case: to HTTP, case makes no difference.
 * Where something like `expect.objectContaining` judges the headers, they stay as they are.
 */
export function foldHeaders<Got extends object, Wanted extends { readonly headers?: unknown }>(
  got: Got,
  wanted: Wanted,
): [Got, Wanted] {
  const { headers } = wanted;
  return isHeaders(headers) && !isAsymmetric(headers)
    ? [folded(got), folded(wanted)]
    : [got, wanted];
}

function folded<T extends object>(value: T): T {
  const { headers } = value as { readonly headers?: unknown };
  if (!isHeaders(headers)) return value;
  const lower = Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text]);
  return { ...value, headers: Object.fromEntries(lower) as unknown };
}

function isHeaders(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
