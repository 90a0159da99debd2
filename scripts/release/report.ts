/** What a step of the dry run found. */
export interface Outcome {
  /** Reasons to refuse the release, one each. */
  readonly problems?: readonly string[];
  /** What somebody should know, but stops nothing. */
  readonly warnings?: readonly string[];
  /** What was looked at, for the table. */
  readonly found: string;
}

/** A step of the dry run. */
export interface Step {
  readonly name: string;
  /** Names of earlier steps whose result this one uses. */
  readonly needs?: readonly string[];
  readonly run: () => Promise<Outcome>;
}

/** A step that was done, or was not because one that it needs found nothing to go on with. */
export interface Row {
  readonly name: string;
  readonly result: 'ok' | 'warning' | 'refused' | 'not run';
  readonly took: string;
  readonly found: string;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Does the steps one after the other; one that throws is refused, and so are those that need it. */
export async function follow(steps: readonly Step[], tell: (line: string) => void): Promise<Row[]> {
  const rows: Row[] = [];
  const broken = new Set<string>();
  for (const { name, needs = [], run } of steps) {
    const before = needs.find((need) => broken.has(need));
    if (before !== undefined) {
      broken.add(name);
      const found = `needs \`${before}\``;
      rows.push({ name, result: 'not run', took: '', found, problems: [], warnings: [] });
      continue;
    }
    tell(`${name} …`);
    const start = performance.now();
    const outcome = await run().catch((error: unknown): Outcome => {
      broken.add(name);
      return { problems: [error instanceof Error ? error.message : String(error)], found: '' };
    });
    const { problems = [], warnings = [], found } = outcome;
    const result = problems.length > 0 ? 'refused' : warnings.length > 0 ? 'warning' : 'ok';
    const took = `${((performance.now() - start) / 1000).toFixed(1)} s`;
    rows.push({ name, result, took, found, problems, warnings });
  }
  return rows;
}

/** Columns as wide as their widest cell. */
export function table(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, column) =>
    Math.max(...lines.map((line) => line[column]!.length)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Everything that was found, then the table of the steps. */
export function reportOf(rows: readonly Row[]): string {
  const said = rows.flatMap(({ name, problems, warnings }) => [
    ...problems.map((problem) => `refused: ${name}: ${problem}`),
    ...warnings.map((warning) => `warning: ${name}: ${warning}`),
  ]);
  const steps = table([
    ['step', 'result', 'took', 'found'],
    ...rows.map(({ name, result, took, found }) => [name, result, took, found]),
  ]);
  return said.length > 0 ? `${said.join('\n')}\n\n${steps}` : steps;
}
