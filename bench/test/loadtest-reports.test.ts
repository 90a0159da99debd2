import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { chartsOf } from '../src/loadtest/charts.ts';
import { renderComparison } from '../src/loadtest/compare.ts';
import { renderReport } from '../src/loadtest/report.ts';
import { fromCsv, toCsv } from '../src/loadtest/summary-csv.ts';
import { summarize } from '../src/loadtest/summary.ts';
import { COSTS, result, ROWS } from './loadtest-results.ts';

const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);

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
    expect(page).toContain('40 → 80 (× 2)');
    expect(page).toContain('20 → 20 (× 1)');
    expect(page).toContain('0 → 3');
    expect(page.match(/<svg/g)).toHaveLength(3);
    expect(texts(page)).toEqual(expect.arrayContaining(['batched (old)', 'batched (new)']));
  });

  it('shows a route that only one of them has', async () => {
    const [direct] = ROWS;
    const page = await renderComparison(
      { name: 'old', rows: ROWS },
      { name: 'new', rows: [direct!] },
    );
    expect(page).toContain('40 → –');
  });

  it('refuses runs that have nothing in common', async () => {
    const before = { name: 'old', rows: ROWS.slice(0, 1) };
    const after = { name: 'new', rows: ROWS.slice(1, 2) };
    await expect(async () => renderComparison(before, after)).rejects.toThrow(
      'Expected two runs with a route at the same rate in both, got none in `old` and `new`',
    );
  });
});
