import { AssertionError } from 'node:assert';

export type AssertionErrorOptions = ConstructorParameters<typeof AssertionError>[0] & {
  readonly message: string;
  readonly operator: string;
};

/** An `AssertionError` that says nothing but its message, and both sides where there are any. */
export function assertionError(options: AssertionErrorOptions): AssertionError {
  const error = new AssertionError({ stackStartFn: assertionError, ...options });
  // How Node would word a difference, `simple`; vitest prints it below the message.
  Reflect.deleteProperty(error, 'diff');
  return error;
}
