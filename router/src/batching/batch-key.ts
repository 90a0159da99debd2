/** Requests with the same key may share a batch. */
export type BatchKey = string & { readonly __brand: 'BatchKey' };

/**
 * Joins the route's own part with the values of its key dimensions. An absent value and an empty
 * one are different keys; no value can imitate two others.
 */
export function batchKey(route: string, values: readonly (string | undefined)[]): BatchKey {
  if (values.length === 0) return route as BatchKey;
  return (route + JSON.stringify(values.map((value) => value ?? null))) as BatchKey;
}
