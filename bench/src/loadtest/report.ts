import { html, raw } from 'hono/html';
import type { Chart } from './charts.ts';
import type { SummaryRow } from './summary-csv.ts';

/** What a report says besides its rows. */
export interface ReportHead {
  readonly title: string;
  /** A paragraph each. */
  readonly notes: readonly string[];
}

export type Html = ReturnType<typeof html>;

/** One self-contained page: no scripts, no requests. */
export async function renderReport(
  { title, notes }: ReportHead,
  rows: readonly SummaryRow[],
  charts: readonly Chart[],
): Promise<string> {
  return page(title, [
    ...notes.map((note) => html`<p>${note}</p>`),
    html`<h2>Latency</h2>`,
    table(LATENCY, rows),
    html`<p>
      Milliseconds from the moment a request was due, sent or not, to its last byte; of good answers
      only. <em>head</em> is the same to status and headers, <em>lag</em> how late this program
      sent: where it comes near the latency, the generator was the bottleneck.
    </p>`,
    html`<h2>Invocations and cost</h2>`,
    table(COST, rows),
    html`<p>
      <em>×</em> columns are relative to the direct function at the same rate. The router and its
      load balancer cost the same in a quiet hour, so their share in a request falls as the rate
      grows.
    </p>`,
    ...charts.map(({ svg }) => html`<figure>${raw(svg)}</figure>`),
  ]);
}

/** A page around parts; used by every report. */
export async function page(title: string, parts: readonly (Html | string)[]): Promise<string> {
  const text = await html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <title>${title}</title>
      <style>
        body {
          font:
            15px/1.5 system-ui,
            sans-serif;
          margin: 2rem auto;
          max-width: 72rem;
          padding: 0 1rem;
        }
        table {
          border-collapse: collapse;
        }
        th,
        td {
          border-bottom: 1px solid #ccc;
          padding: 0.2rem 0.7rem;
          text-align: right;
        }
        th:first-child,
        td:first-child {
          text-align: left;
        }
        td {
          white-space: nowrap;
        }
        figure {
          margin: 1rem 0;
          overflow-x: auto;
        }
      </style>
      <body>
        <h1>${title}</h1>
        ${parts}
      </body>
    </html>`;
  return `${String(text)}\n`;
}

/** The head of a column and its cell. */
export type Column<Row> = readonly [head: string, cell: (row: Row) => string | Html];

const ROUTE: Column<SummaryRow> = ['route', ({ route }) => route];
const RATE: Column<SummaryRow> = ['rate/s', ({ rate }) => String(rate)];

const LATENCY: readonly Column<SummaryRow>[] = [
  ROUTE,
  RATE,
  ['good', ({ ok }) => String(ok)],
  ['errors', ({ errors }) => String(errors)],
  ['no answer', ({ failed }) => String(failed)],
  ['not sent', (row) => String(row.not_sent)],
  ['p50', (row) => figure(row.p50_ms)],
  ['p90', (row) => figure(row.p90_ms)],
  ['p99', (row) => figure(row.p99_ms)],
  ['p99.9', (row) => figure(row.p999_ms)],
  ['max', (row) => figure(row.max_ms)],
  ['head p50', (row) => figure(row.head_p50_ms)],
  ['lag p99', (row) => figure(row.lag_p99_ms)],
];

const COST: readonly Column<SummaryRow>[] = [
  ROUTE,
  RATE,
  ['requests in a batch', (row) => figure(row.mean_batch_size)],
  ['invocations per 1,000', (row) => figure(row.invocations_per_1000_requests)],
  ['×', (row) => figure(row.invocations_vs_direct)],
  ['billed ms', (row) => figure(row.billed_ms)],
  ['Lambda $/million', (row) => figure(row.lambda_usd_per_million)],
  ['×', (row) => figure(row.lambda_cost_vs_direct)],
  ['router $/million', (row) => figure(row.router_usd_per_million)],
  ['together', (row) => figure(row.total_usd_per_million)],
  ['×', (row) => figure(row.total_cost_vs_direct)],
];

export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Html {
  return html`<table>
    <thead>
      <tr>
        ${columns.map(([head]) => html`<th>${head}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${columns.map(([, cell]) => html`<td>${cell(row)}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Three digits that count; a dash where nobody has the figure. */
export function figure(value: number | undefined): string {
  if (value === undefined) return '–';
  return Number(value.toPrecision(3)).toLocaleString('en-US', { maximumFractionDigits: 4 });
}
