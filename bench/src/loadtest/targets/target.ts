import type { LoadRoute } from '../routes.ts';
import type { Billing } from '../suite.ts';

/** What is put under load. */
export interface Target extends AsyncDisposable {
  /** One line for reports, e.g. `emulator with lpr.yaml`. */
  readonly description: string;
  readonly routes: readonly LoadRoute[];
  /** Totals so far by function name, where the target counts them. */
  readonly billing?: () => Promise<ReadonlyMap<string, Billing>>;
  /** Mean duration of an invocation by function name since then, where it is told only afterwards. */
  readonly durations?: (since: Date, signal: AbortSignal) => Promise<ReadonlyMap<string, number>>;
}
