import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';

const count = z.coerce.number().int().nonnegative();
const number = z.coerce.number().nonnegative();
/** An empty cell is a figure that nobody has. */
const optional = z.preprocess((cell) => (cell === '' ? undefined : cell), number.optional());
const source = (...names: readonly string[]) =>
  z.preprocess((cell) => (cell === '' ? undefined : cell), z.enum(names).optional());

/** The columns of `summary.csv`, in their order; times in ms, costs in USD. */
const schema = z.object({
  route: z.string().min(1),
  method: z.string(),
  direct: z.enum(['true', 'false']).transform((cell) => cell === 'true'),
  stage: count,
  rate: number,
  seconds: number,
  arrivals: count,
  ok: count,
  errors: count,
  failed: count,
  not_sent: count,
  mean_ms: optional,
  p50_ms: optional,
  p90_ms: optional,
  p95_ms: optional,
  p99_ms: optional,
  p999_ms: optional,
  max_ms: optional,
  head_p50_ms: optional,
  head_p99_ms: optional,
  lag_p99_ms: optional,
  mean_batch_size: optional,
  invocations_per_1000_requests: optional,
  invocations_from: source('counted', 'header', 'direct'),
  billed_ms: optional,
  billed_from: source('counted', 'cloudwatch', 'assumed'),
  memory_mb: number,
  lambda_usd_per_million: optional,
  router_usd_per_million: optional,
  total_usd_per_million: optional,
  invocations_vs_direct: optional,
  lambda_cost_vs_direct: optional,
  total_cost_vs_direct: optional,
});

/** One stage of one route. */
export type SummaryRow = z.output<typeof schema>;

/** The names of the columns, in their order. */
export const COLUMNS = Object.keys(schema.shape);

export function toCsv(rows: readonly SummaryRow[]): string {
  return stringify([...rows], {
    header: true,
    columns: COLUMNS,
    cast: { boolean: String },
  });
}

/**
 * Reads what `toCsv` wrote; other columns are ignored.
 *
 * @throws Error that names the line and column of a wrong cell, or says that it is no CSV
 */
export function fromCsv(text: string): readonly SummaryRow[] {
  const records = parseCsv(text);
  if (records.length === 0) throw new Error('Expected a row below the head of the CSV, got none');
  return records.map((record, index) => {
    const { data, error } = schema.safeParse(record);
    if (data !== undefined) return data;
    const [{ path, message }] = error.issues as [z.core.$ZodIssue];
    // The head is line 1.
    throw new Error(
      `Expected a run's \`summary.csv\`, got in line ${index + 2}, column \`${path.join('.')}\`: ${message}`,
    );
  });
}

function parseCsv(text: string): unknown[] {
  try {
    return parse(text, { columns: true, skip_empty_lines: true, bom: true });
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`Expected a run's \`summary.csv\`, got what is no CSV: ${message}`, {
      cause: error,
    });
  }
}
