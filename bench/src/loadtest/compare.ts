import { html, raw } from 'hono/html';
import { cell, chart } from './charts.ts';
import type { Chart } from './charts.ts';
import type { Series } from './drawing.ts';
import { figure, page, table } from './report.ts';
import type { Column, Html } from './report.ts';
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

/** What is drawn, of what both runs have. */
const DRAWN: readonly (readonly [title: string, column: Figure])[] = [
  ['Latency p50 from when a request was due, ms', 'p50_ms'],
  ['Latency p99 from when a request was due, ms', 'p99_ms'],
  ['Invocations for 1,000 requests', 'invocations_per_1000_requests'],
  ['Cost of a million requests, USD', 'total_usd_per_million'],
];

/**
 * A page that sets two runs side by side, stage by stage.
 *
 * @throws RangeError when they have no stage of a route at the same rate in common
 */
export function renderComparison(before: NamedRun, after: NamedRun): Promise<string> {
  const pairs = pairsOf(before.rows, after.rows);
  const common = pairs.filter((pair) => pair.before !== undefined && pair.after !== undefined);
  if (common.length === 0) {
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
  return page('Two load tests', [
    html`<p>Before: <code>${before.name}</code>, after: <code>${after.name}</code>.</p>`,
    table(columns, pairs),
    html`<p>× is the later figure relative to the earlier one. A dash is what a run lacks.</p>`,
    ...DRAWN.map(([title, column]) => {
      const { svg } = comparisonChart(title, column, common);
      return html`<figure>${raw(svg)}</figure>`;
    }),
  ]);
}

function comparisonChart(title: string, column: Figure, pairs: readonly Pair[]): Chart {
  const series = (['before', 'after'] as const).map((name): Series => ({
    name,
    type: 'bar',
    data: pairs.map((pair) => cell(pair[name]?.[column])),
  }));
  const categories = pairs.map(({ route, rate }) => `${route}\n${rate}/s`);
  return chart({ name: column, title, categories, series });
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

function change({ before, after }: Pair, column: Figure): Html {
  const [from, to] = [before?.[column], after?.[column]];
  const values = `${figure(from)} → ${figure(to)}`;
  if (from === undefined || to === undefined || from <= 0) return html`${values}`;
  return html`${values}<br /><small>× ${figure(to / from)}</small>`;
}

function wrongOf(row: SummaryRow | undefined): string {
  return row === undefined ? '–' : String(row.errors + row.failed + row.not_sent);
}
