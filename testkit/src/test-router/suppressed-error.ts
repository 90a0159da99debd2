/**
 * Has runners show why a test failed whose router had something to say at its disposal, too. `await using` throws both
 * as one `SuppressedError`, and neither vitest nor `node:test` prints what that holds; of a `cause` they print all.
 */
export function showSuppressed(): void {
  // Before Node.js 24 there is none: compilers bring their own, with fields that are printed.
  const { SuppressedError } = globalThis as Partial<typeof globalThis>;
  if (SuppressedError === undefined || 'cause' in SuppressedError.prototype) return;
  Object.defineProperty(SuppressedError.prototype, 'cause', {
    configurable: true,
    get(this: SuppressedError): unknown {
      return this.suppressed;
    },
  });
}
