import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import type { EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { SummaryRow } from './summary-csv.ts';

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

/** A picture of a run: its file name and SVG text. */
export interface Chart {
  readonly file: string;
  readonly title: string;
  readonly svg: string;
}

const WIDTH = 840;
/** Of what is drawn, without its legend. */
const HEIGHT = 380;
/** So that labels below do not touch. */
const CATEGORY_WIDTH = 72;
const LEGEND_LINE = 24;
const MARGIN = 64;
/** Of an entry of the legend without its text, and of a letter of that. */
const LEGEND_SIGN = 45;
const LETTER = 7;
/** Okabe and Ito's colours, which colour-blind readers tell apart. */
const COLORS = ['#0072B2', '#E69F00', '#009E73', '#D55E00', '#CC79A7', '#56B4E9', '#000000'];

/** Latency, invocations and cost; the same rows always give the same pictures. */
export function chartsOf(rows: readonly SummaryRow[]): readonly Chart[] {
  return [latencyChart(rows), invocationsChart(rows), costChart(rows)];
}

function latencyChart(rows: readonly SummaryRow[]): Chart {
  const title = 'Latency from when a request was due, ms';
  const file = 'latency.svg';
  const rates = stagesOf(rows);
  if (rates.length === 1) {
    const percentiles = ['p50_ms', 'p95_ms', 'p99_ms'] as const;
    const series = percentiles.map((column) => ({
      name: column.replace('_ms', ''),
      type: 'bar',
      data: rows.map((row) => cell(row[column])),
    }));
    return draw(file, title, { categories: rows.map(({ route }) => route), series });
  }
  const series = routesOf(rows).flatMap((route, index) =>
    (['p50_ms', 'p99_ms'] as const).map((column) => {
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
  return draw(file, title, { categories: rates.map(labelOf), series });
}

function invocationsChart(rows: readonly SummaryRow[]): Chart {
  const rates = stagesOf(rows);
  const series = rates.map((rate) => ({
    name: labelOf(rate),
    type: 'bar',
    data: routesOf(rows).map((route) =>
      cell(rowOf(rows, route, rate.stage)?.invocations_per_1000_requests),
    ),
  }));
  const title = 'Invocations for 1,000 requests';
  return draw('invocations.svg', title, { categories: routesOf(rows), series });
}

function costChart(rows: readonly SummaryRow[]): Chart {
  const categories = rows.map((row) => `${row.route}\n${row.rate}/s`);
  const part = (name: string, column: 'lambda_usd_per_million' | 'router_usd_per_million') => ({
    name,
    type: 'bar',
    stack: 'cost',
    data: rows.map((row) => cell(row[column])),
  });
  const series = [
    part('Lambda', 'lambda_usd_per_million'),
    part('router and load balancer', 'router_usd_per_million'),
  ];
  return draw('cost.svg', 'Cost of a million requests, USD', { categories, series });
}

interface Drawing {
  readonly categories: readonly string[];
  readonly series: readonly { readonly name: string }[];
}

function draw(file: string, title: string, { categories, series }: Drawing): Chart {
  const width = Math.max(WIDTH, categories.length * CATEGORY_WIDTH);
  const legendWidth = series.reduce((sum, { name }) => sum + LEGEND_SIGN + name.length * LETTER, 0);
  const legendHeight = Math.ceil(legendWidth / (width - 2 * MARGIN)) * LEGEND_LINE;
  const chart = echarts.init(null, null, {
    renderer: 'svg',
    ssr: true,
    width,
    height: HEIGHT + legendHeight,
  });
  const option: EChartsCoreOption = {
    animation: false,
    backgroundColor: '#ffffff',
    color: COLORS,
    title: { text: title, left: 'center' },
    legend: { bottom: 0, type: 'plain' },
    grid: { left: MARGIN, right: MARGIN, top: 48, bottom: 56 + legendHeight },
    xAxis: { type: 'category', data: categories, axisLabel: { interval: 0 } },
    yAxis: { type: 'value', min: 0 },
    series,
  };
  chart.setOption(option);
  const svg = withOwnNames(chart.renderToSVGString(), file.replace('.svg', ''));
  chart.dispose();
  return { file, title, svg };
}

/** ECharts numbers its names through a process's life: the same picture would have others each time. */
function withOwnNames(svg: string, prefix: string): string {
  const names = new Map<string, string>();
  return svg.replace(/\bzr\d+-(?:cls-|c)\d+/g, (name) => {
    const own = names.get(name) ?? `${prefix}-${names.size}`;
    names.set(name, own);
    return own;
  });
}

/** ECharts draws nothing for a dash. */
function cell(value: number | undefined): number | '-' {
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
