/** The message with which an assertion fails. */
export function messageOf(assert: () => void): string {
  try {
    assert();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('Expected the assertion to fail');
}
