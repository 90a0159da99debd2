import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import type { EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

/** Of a letter of 12 px in the widest of usual fonts; ECharts' own guess is a narrow one, and names would touch. */
const LETTER = 7;
echarts.setPlatformAPI({
  measureText: (text, font) => ({
    width:
      (text.length * LETTER * Number.parseFloat(/[\d.]+(?=px)/.exec(font ?? '')?.[0] ?? '12')) / 12,
  }),
});

const WIDTH = 840;
/** Of the axes, without what is written around them. */
const HEIGHT = 270;
const TITLE = 48;
const MARGIN = 64;
const LINE = 18;
/** What a category has of the axis; longer names go on in a further line. */
const CATEGORY = { least: 72, most: 132, gap: 12 };
/** An entry of the legend: its sign, and what is left free around it. */
const ENTRY = { sign: 34, gap: 16, height: 14 };
/** Okabe and Ito's colours, which colour-blind readers tell apart. */
export const COLORS = [
  '#0072B2',
  '#E69F00',
  '#009E73',
  '#D55E00',
  '#CC79A7',
  '#56B4E9',
  '#000000',
] as const;

/** A chart's values by category, as ECharts takes them. */
export interface Series {
  readonly name: string;
  readonly type: 'bar' | 'line';
  /** `-` draws nothing. */
  readonly data: readonly (number | '-')[];
  readonly [option: string]: unknown;
}

export interface Drawing {
  /** Of the chart's file, without its extension; names within the picture begin with it. */
  readonly name: string;
  readonly title: string;
  readonly categories: readonly string[];
  readonly series: readonly Series[];
}

/** The picture as an SVG text; the same drawing always gives the same. */
export function draw({ name, title, categories, series }: Drawing): string {
  const longest = Math.max(...categories.flatMap(linesOf).map(widthOf));
  const category = Math.min(Math.max(longest + CATEGORY.gap, CATEGORY.least), CATEGORY.most);
  const label = category - CATEGORY.gap;
  const width = Math.max(WIDTH, categories.length * category + 2 * MARGIN);
  const labelLines = Math.max(
    ...categories.map((text) =>
      linesOf(text).reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / label)), 0),
    ),
  );
  const legend = legendLines(series, width - 2 * MARGIN) * (ENTRY.height + ENTRY.gap);
  const bottom = labelLines * LINE + LINE + legend;
  const chart = echarts.init(null, null, {
    renderer: 'svg',
    ssr: true,
    width,
    height: TITLE + HEIGHT + bottom,
  });
  const option: EChartsCoreOption = {
    animation: false,
    backgroundColor: '#ffffff',
    color: [...COLORS],
    title: { text: title, left: 'center' },
    legend: {
      bottom: 4,
      left: 'center',
      width: width - 2 * MARGIN,
      type: 'plain',
      itemWidth: ENTRY.sign,
      itemGap: ENTRY.gap,
      itemHeight: ENTRY.height,
      // A point in the middle would hide that a line is dashed.
      ...(series.some(({ type }) => type === 'line') ? { itemStyle: { opacity: 0 } } : {}),
    },
    grid: { left: MARGIN, right: MARGIN, top: TITLE, bottom },
    xAxis: {
      type: 'category',
      data: categories,
      axisLabel: { interval: 0, width: label, overflow: 'breakAll', lineHeight: LINE },
    },
    yAxis: { type: 'value', min: 0 },
    series,
  };
  chart.setOption(option);
  const svg = withOwnNames(chart.renderToSVGString(), name);
  chart.dispose();
  return svg;
}

const linesOf = (text: string): readonly string[] => text.split('\n');

const widthOf = (text: string): number => text.length * LETTER;

/** How many lines the legend takes in that width. */
function legendLines(series: readonly Series[], width: number): number {
  let lines = 1;
  let taken = 0;
  for (const { name } of series) {
    const entry = ENTRY.sign + ENTRY.gap + widthOf(name);
    if (taken > 0 && taken + entry > width) {
      lines += 1;
      taken = 0;
    }
    taken += entry;
  }
  return lines;
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
