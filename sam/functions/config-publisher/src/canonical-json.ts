/**
 * JSON that is the same text for the same value: keys in order, no white space. Numbers and booleans
 * become text, as CloudFormation makes them on its way here, so that it does not matter who has sent them.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'number' || typeof inner === 'boolean') return String(inner);
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
