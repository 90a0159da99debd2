import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { chartsOf } from '../src/loadtest/charts.ts';
import { renderComparison } from '../src/loadtest/compare.ts';
import { renderReport } from '../src/loadtest/report.ts';
import { fromCsv, toCsv } from '../src/loadtest/summary-csv.ts';
import { summarize } from '../src/loadtest/summary.ts';
import { COSTS, result, ROWS } from './loadtest-results.ts';

const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);

/** Where the texts of a chart are, in a wide font: 7 px a letter at 12 px. */
function placed(svg: string) {
  return [...svg.matchAll(/<text([^>]*)>([^<]*)</g)].map(([, attributes = '', text = '']) => {
    const number = (pattern: RegExp) => Number(pattern.exec(attributes)?.[1] ?? 0);
    const width = (text.length * 7 * number(/font-size:(\d+)px/)) / 12;
    const [, anchor = 'start'] = /text-anchor="(\w+)"/.exec(attributes) ?? [];
    const before = { start: 0, middle: width / 2, end: width }[anchor]!;
    const left = number(/ x="([\d.-]+)"/) + number(/translate\(([\d.]+)/) - before;
    const y = number(/ y="([\d.-]+)"/) + number(/translate\([\d.]+ ([\d.]+)/);
    return { text, y, left, right: left + width };
  });
}

describe('charts', () => {
  it('show every route and rate', () => {
    const [latency, invocations, cost] = chartsOf(ROWS);
    expect(texts(latency!.svg)).toEqual(
      expect.arrayContaining(['100/s', '200/s', 'direct p50', 'batched p99']),
    );
    expect(texts(invocations!.svg)).toEqual(expect.arrayContaining(['direct', 'batched', '200/s']));
    expect(texts(cost!.svg)).toEqual(expect.arrayContaining(['Lambda', 'batched', '200/s']));
  });

  it('of one stage are bars by percentile', () => {
    const [latency] = chartsOf(ROWS.filter(({ stage }) => stage === 1));
    expect(texts(latency!.svg)).toEqual(expect.arrayContaining(['p50', 'p95', 'p99', 'batched']));
  });

  it('are the same when they are drawn again from the CSV', () => {
    expect(chartsOf(fromCsv(toCsv(ROWS)))).toEqual(chartsOf(ROWS));
  });

  it('leave long names room: no two of them touch', () => {
    const names = [
      'GET /customers/{customerId}/orders/{orderId}',
      'direct',
      'listTheOrdersOfACustomer',
    ];
    const rows = names.flatMap((name) =>
      ROWS.map((row) => ({ ...row, route: `${row.route} ${name}` })),
    );
    for (const { title, svg } of chartsOf(rows)) {
      const lines = Map.groupBy(placed(svg), ({ y }) => y);
      expect(lines.size, title).toBeGreaterThan(5);
      for (const line of lines.values()) {
        const sorted = line.toSorted((a, b) => a.left - b.left);
        const ends = sorted.map(
          ({ right }, index) => (sorted[index + 1]?.left ?? Infinity) - right,
        );
        expect(Math.min(...ends), `${title}: ${JSON.stringify(sorted)}`).toBeGreaterThan(0);
      }
    }
  });

  it('are well-formed and escape names', () => {
    const rows = summarize([result('<a & b>')], COSTS);
    for (const { svg } of chartsOf(rows)) {
      expect(XMLValidator.validate(svg)).toBe(true);
      expect(new XMLParser().parse(svg)).toHaveProperty('svg');
    }
  });
});

describe('report', () => {
  it('has notes, figures, a dash for what is not known, and the charts', async () => {
    const rows = summarize([result('a')], COSTS);
    const page = await renderReport({ title: 'T', notes: ['N <1>'] }, rows, chartsOf(rows));
    expect(page).toContain('<p>N &lt;1&gt;</p>');
    expect(page).toContain('<td>20</td>');
    expect(page).toContain('<td>–</td>');
    expect(page.match(/<svg/g)).toHaveLength(3);
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  });

  it('escapes what a manifest names', async () => {
    const rows = summarize([result('<script>')], COSTS);
    const page = await renderReport({ title: '<b>', notes: [] }, rows, []);
    expect(page).not.toContain('<script>');
    expect(page).not.toContain('<b>');
  });
});

describe('comparison', () => {
  it('sets two runs side by side, with the change as a multiple', async () => {
    const slower = ROWS.map((row) => ({ ...row, p99_ms: 80, errors: 3 }));
    const page = await renderComparison({ name: 'old', rows: ROWS }, { name: 'new', rows: slower });
    expect(page).toContain('Before: <code>old</code>, after: <code>new</code>.');
    expect(page).toContain('40 → 80<br /><small>× 2</small>');
    expect(page).toContain('20 → 20<br /><small>× 1</small>');
    expect(page).toContain('0 → 3');
    expect(page.match(/<svg/g)).toHaveLength(4);
    expect(texts(page)).toEqual(expect.arrayContaining(['batched', '200/s', 'before', 'after']));
  });

  it('shows a route that only one of them has', async () => {
    const [direct] = ROWS;
    const page = await renderComparison(
      { name: 'old', rows: ROWS },
      { name: 'new', rows: [direct!] },
    );
    expect(page).toContain('40 → –');
    // Where there is nothing beside it, a bar says nothing.
    expect(texts(page)).not.toContain('batched');
  });

  it('refuses runs that have nothing in common', async () => {
    const before = { name: 'old', rows: ROWS.slice(0, 1) };
    const after = { name: 'new', rows: ROWS.slice(1, 2) };
    await expect(async () => renderComparison(before, after)).rejects.toThrow(
      'Expected two runs with a route at the same rate in both, got none in `old` and `new`',
    );
  });
});
