/** A place in a manifest's text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with a configuration. */
export interface ConfigProblem {
  readonly file: string;
  /** Absent when the configuration has no text: it was passed as an object, or its file could not be read. */
  readonly position: Position | undefined;
  /** Where in the configuration, e.g. `Spec.paths./hello.get.x-lpr.key[1]`. */
  readonly key: string;
  readonly expected: string;
  readonly got: string;
  /** The nearest allowed name or value, for what looks like a misspelling. */
  readonly suggestion?: string | undefined;
}

/** One line: ``FILE:LINE:COLUMN: key: expected …, got …``, with ``; did you mean `…`?`` where there is a suggestion. */
export function formatProblem(problem: ConfigProblem): string {
  const { file, position, key, expected, got, suggestion } = problem;
  const where = position === undefined ? file : `${file}:${position.line}:${position.column}`;
  const hint = suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`;
  return `${where}: ${key}: expected ${expected}, got ${got}${hint}`;
}

/** A configuration that cannot be used. The message is all its problems, a line each, in the order of the text. */
export class ConfigError extends Error {
  readonly code = 'LPR_CONFIG_INVALID';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], options?: ErrorOptions) {
    const sorted = problems.toSorted(byPosition);
    super(sorted.map(formatProblem).join('\n'), options);
    this.name = 'ConfigError';
    this.problems = sorted;
  }
}

/** Orders problems as a reader meets them; those without a position come first. */
export function byPosition(a: ConfigProblem, b: ConfigProblem): number {
  return (
    (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
    (a.position?.column ?? 0) - (b.position?.column ?? 0)
  );
}
