import { COLORS, draw } from './drawing.ts';
import type { Drawing, Series } from './drawing.ts';
import type { SummaryRow } from './summary-csv.ts';

/** A picture of a run: its file name and SVG text. */
export interface Chart {
  readonly file: string;
  readonly title: string;
  readonly svg: string;
}

/** Latency, invocations and cost; the same rows always give the same pictures. */
export function chartsOf(rows: readonly SummaryRow[]): readonly Chart[] {
  return [latencyChart(rows), invocationsChart(rows), costChart(rows)];
}

function latencyChart(rows: readonly SummaryRow[]): Chart {
  const title = 'Latency from when a request was due, ms';
  const name = 'latency';
  const rates = stagesOf(rows);
  if (rates.length === 1) {
    const percentiles = ['p50_ms', 'p95_ms', 'p99_ms'] as const;
    const series = percentiles.map((column): Series => ({
      name: column.replace('_ms', ''),
      type: 'bar',
      data: rows.map((row) => cell(row[column])),
    }));
    return chart({ name, title, categories: rows.map(({ route }) => route), series });
  }
  const series = routesOf(rows).flatMap((route, index) =>
    (['p50_ms', 'p99_ms'] as const).map((column): Series => {
      const color = COLORS[index % COLORS.length];
      return {
        name: `${route} ${column.replace('_ms', '')}`,
        type: 'line',
        color,
        lineStyle: { color, type: column === 'p50_ms' ? 'dashed' : 'solid' },
        data: rates.map(({ stage }) => cell(rowOf(rows, route, stage)?.[column])),
      };
    }),
  );
  return chart({ name, title, categories: rates.map(labelOf), series });
}

function invocationsChart(rows: readonly SummaryRow[]): Chart {
  const rates = stagesOf(rows);
  const series = rates.map((rate): Series => ({
    name: labelOf(rate),
    type: 'bar',
    data: routesOf(rows).map((route) =>
      cell(rowOf(rows, route, rate.stage)?.invocations_per_1000_requests),
    ),
  }));
  const title = 'Invocations for 1,000 requests';
  return chart({ name: 'invocations', title, categories: routesOf(rows), series });
}

function costChart(rows: readonly SummaryRow[]): Chart {
  const categories = rows.map(({ route, rate }) => `${route}\n${rate}/s`);
  const part = (
    name: string,
    column: 'lambda_usd_per_million' | 'router_usd_per_million',
  ): Series => ({
    name,
    type: 'bar',
    stack: 'cost',
    data: rows.map((row) => cell(row[column])),
  });
  const series = [
    part('Lambda', 'lambda_usd_per_million'),
    part('router and load balancer', 'router_usd_per_million'),
  ];
  return chart({ name: 'cost', title: 'Cost of a million requests, USD', categories, series });
}

/** A drawing as a file. */
export function chart(drawing: Drawing): Chart {
  return { file: `${drawing.name}.svg`, title: drawing.title, svg: draw(drawing) };
}

/** A figure that nobody has is not drawn. */
export function cell(value: number | undefined): number | '-' {
  return value ?? '-';
}

function routesOf(rows: readonly SummaryRow[]): readonly string[] {
  return [...new Set(rows.map(({ route }) => route))];
}

function stagesOf(rows: readonly SummaryRow[]): readonly Pick<SummaryRow, 'stage' | 'rate'>[] {
  return [...new Map(rows.map(({ stage, rate }) => [stage, { stage, rate }])).values()];
}

function labelOf({ rate }: Pick<SummaryRow, 'rate'>): string {
  return `${rate}/s`;
}

function rowOf(rows: readonly SummaryRow[], route: string, stage: number): SummaryRow | undefined {
  return rows.find((row) => row.route === route && row.stage === stage);
}
