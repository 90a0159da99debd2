import type { SummaryRow } from './summary-csv.ts';

/** Timers are a millisecond or two late on any machine. */
const NOTABLE_LAG_MS = 5;

/** What a reader of these rows should know, and what to do about it; a sentence or two each. */
export function hintsOf(rows: readonly SummaryRow[]): readonly string[] {
  const hints: readonly [(row: SummaryRow) => boolean, (names: string) => string][] = [
    [
      ({ lag_p99_ms: lag = 0, p50_ms: p50 = 0 }) => lag > NOTABLE_LAG_MS && lag > p50 / 2,
      (names) => `This machine sent late (lag), so part of these latencies is its own: ${names}.`,
    ],
    [
      (row) => row.not_sent > 0,
      (names) =>
        `More requests were in flight than \`--max-in-flight\` allows, and some were not sent: ${names}.`,
    ],
    [
      (row) => row.invocations_from === undefined,
      (names) =>
        `No answer told its batch size, so invocations and cost are not known: ${names}. The router tells it with \`LPR_INCLUDE_BATCH_SIZE_HEADER=1\`.`,
    ],
    [
      (row) => row.invocations_from !== undefined && row.billed_from === undefined,
      (names) =>
        `Nobody told what an invocation takes, so cost is not known: ${names}. Give it with \`--billed-ms\`.`,
    ],
  ];
  return hints.flatMap(([applies, hint]) => {
    const names = rows.filter(applies).map(({ route, rate }) => `${route} at ${rate}/s`);
    if (names.length === 0) return [];
    return [hint(names.length > 1 && names.length === rows.length ? 'all' : names.join(', '))];
  });
}
