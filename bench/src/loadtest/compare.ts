import { html, raw } from 'hono/html';
import { chartsOf } from './charts.ts';
import { figure, page, table } from './report.ts';
import type { Column } from './report.ts';
import type { SummaryRow } from './summary-csv.ts';

/** A run and what to call it. */
export interface NamedRun {
  readonly name: string;
  readonly rows: readonly SummaryRow[];
}

/** The same stage of the same route in two runs; `undefined` where one of them lacks it. */
interface Pair {
  readonly route: string;
  readonly stage: number;
  readonly rate: number;
  readonly before: SummaryRow | undefined;
  readonly after: SummaryRow | undefined;
}

type Figure = keyof {
  [Key in keyof SummaryRow as SummaryRow[Key] extends number | undefined ? Key : never]: Key;
};

const FIGURES: readonly (readonly [head: string, column: Figure])[] = [
  ['p50 ms', 'p50_ms'],
  ['p99 ms', 'p99_ms'],
  ['requests in a batch', 'mean_batch_size'],
  ['invocations per 1,000', 'invocations_per_1000_requests'],
  ['Lambda $/million', 'lambda_usd_per_million'],
  ['together $/million', 'total_usd_per_million'],
];

/**
 * A page that sets two runs side by side, stage by stage.
 *
 * @throws RangeError when they have no stage of a route at the same rate in common
 */
export function renderComparison(before: NamedRun, after: NamedRun): Promise<string> {
  const pairs = pairsOf(before.rows, after.rows);
  if (!pairs.some((pair) => pair.before !== undefined && pair.after !== undefined)) {
    throw new RangeError(
      `Expected two runs with a route at the same rate in both, got none in \`${before.name}\` and \`${after.name}\``,
    );
  }
  const columns: Column<Pair>[] = [
    ['route', ({ route }) => route],
    ['rate/s', ({ rate }) => String(rate)],
    ...FIGURES.map(([head, column]): Column<Pair> => [head, (pair) => change(pair, column)]),
    ['wrong answers', (pair) => `${wrongOf(pair.before)} → ${wrongOf(pair.after)}`],
  ];
  const charts = chartsOf([...renamed(before), ...renamed(after)]);
  return page(`${before.name} and ${after.name}`, [
    table(columns, pairs),
    ...charts.map(({ svg }) => html`<figure>${raw(svg)}</figure>`),
  ]);
}

/** Each route twice in one picture: as it was in either run. */
function renamed({ name, rows }: NamedRun): readonly SummaryRow[] {
  return rows.map((row) => ({ ...row, route: `${row.route} (${name})` }));
}

function pairsOf(before: readonly SummaryRow[], after: readonly SummaryRow[]): readonly Pair[] {
  const pairs = new Map<string, Pair>();
  for (const [side, rows] of [
    ['before', before],
    ['after', after],
  ] as const) {
    for (const row of rows) {
      const { route, stage, rate } = row;
      const key = JSON.stringify([route, stage, rate]);
      const pair = pairs.get(key) ?? { route, stage, rate, before: undefined, after: undefined };
      pairs.set(key, { ...pair, [side]: row });
    }
  }
  return [...pairs.values()];
}

function change({ before, after }: Pair, column: Figure): string {
  const [from, to] = [before?.[column], after?.[column]];
  const times =
    from !== undefined && to !== undefined && from > 0 ? ` (× ${figure(to / from)})` : '';
  return `${figure(from)} → ${figure(to)}${times}`;
}

function wrongOf(row: SummaryRow | undefined): string {
  return row === undefined ? '–' : String(row.errors + row.failed + row.not_sent);
}
