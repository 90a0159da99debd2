import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chartsOf } from './charts.ts';
import { renderReport } from './report.ts';
import type { ReportHead } from './report.ts';
import type { SummaryRow } from './summary-csv.ts';

/** Writes the charts and `report.html` into a folder, which is made where it is missing. */
export async function writeReports(
  folder: string,
  head: ReportHead,
  rows: readonly SummaryRow[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const charts = chartsOf(rows);
  for (const { file, svg } of charts) await writeFile(join(folder, file), svg);
  await writeFile(join(folder, 'report.html'), await renderReport(head, rows, charts));
}
