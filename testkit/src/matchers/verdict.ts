/** What a matcher found; the shape that vitest's and Jest's `expect.extend` ask for. */
export interface Verdict {
  readonly pass: boolean;
  /** Why it failed; where `pass` is true, why its negation did. */
  readonly message: () => string;
  /** Both are there when a diff of the two says more than the message. */
  readonly actual?: unknown;
  readonly expected?: unknown;
}

export interface VerdictParts {
  readonly pass: boolean;
  /** What was expected, to follow `Expected `. */
  readonly expected: string;
  /** What negated was not expected; default `expected` with `not ` before it. */
  readonly notExpected?: string;
  /** What was there instead, from the closest to the farthest; shown below either message. */
  readonly lines: () => readonly string[];
  readonly diff?: { readonly actual: unknown; readonly expected: unknown } | undefined;
}

/** Makes a verdict whose message reads the same way for every matcher. */
export function toVerdict({ pass, expected, notExpected, lines, diff }: VerdictParts): Verdict {
  const subject = pass ? (notExpected ?? `not ${expected}`) : expected;
  return {
    pass,
    message: () => [`Expected ${subject}`, ...lines().map((line) => `  ${line}`)].join('\n'),
    ...(pass ? {} : diff),
  };
}
