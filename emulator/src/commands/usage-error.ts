/** A command line that cannot be followed; the program exits with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
