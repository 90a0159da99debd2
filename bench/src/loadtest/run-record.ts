import type { Service } from '../costs/service-cost.ts';
import type { StageResult } from './suite.ts';

/** What a run was asked to do and where: everything that is needed to read or repeat it. */
export interface RunSettings {
  readonly target: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly stages: readonly { readonly rate: number; readonly seconds: number }[];
  readonly warmUpSeconds: number;
  readonly spacing: string;
  readonly seed: number;
  readonly maxInFlight: number;
  readonly timeoutMs: number;
  readonly node: string;
  /** Costs are reckoned with these. */
  readonly prices: { readonly region: string; readonly date: string };
  readonly service: Service;
  /** It was stopped before its end. */
  readonly partial: boolean;
}

/** The text of `run.json`: settings and, of every stage, batch sizes and problems, too. */
export function toRunJson(settings: RunSettings, results: readonly StageResult[]): string {
  const stages = results.map(({ route, tally, ...result }) => ({
    ...result,
    route,
    tally: { ...tally, batches: tally.batches && Object.fromEntries(tally.batches) },
  }));
  return `${JSON.stringify({ ...settings, results: stages }, null, 2)}\n`;
}
