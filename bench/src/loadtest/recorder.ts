import { createHistogram } from 'node:perf_hooks';
import type { RecordableHistogram } from 'node:perf_hooks';
import type { Outcome } from './open-loop.ts';

/** Times in ms. */
export interface Latencies {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** What became of the arrivals of one stage of one route. */
export interface Tally {
  readonly arrivals: number;
  /** Answered with a status below 400. */
  readonly ok: number;
  /** Answered with 400 or more. */
  readonly errors: number;
  /** Sent and never answered. */
  readonly failed: number;
  readonly notSent: number;
  /** Of answers below 400, from the moment a request was due to the last byte. */
  readonly latency: Latencies | undefined;
  /** The same, to status and headers. */
  readonly head: Latencies | undefined;
  /** How late this process sent; large values mean that it measured itself. */
  readonly lag: Latencies | undefined;
  /** Requests by the size of their batch; `undefined` when no answer told one. */
  readonly batches: ReadonlyMap<number, number> | undefined;
  /** By status, and by reason where no answer came. */
  readonly problems: Readonly<Record<string, number>>;
}

/** Counts outcomes; keeps histograms, not every time, so a long run takes no more memory. */
export class Recorder {
  readonly #latency = createHistogram({ figures: 4 });
  readonly #head = createHistogram({ figures: 4 });
  readonly #lag = createHistogram({ figures: 4 });
  readonly #batches = new Map<number, number>();
  readonly #problems: Record<string, number> = {};
  #counts = { arrivals: 0, ok: 0, errors: 0, failed: 0, notSent: 0 };

  readonly record = (outcome: Outcome): void => {
    this.#counts.arrivals += 1;
    if (outcome.type === 'not-sent') {
      this.#counts.notSent += 1;
      return;
    }
    record(this.#lag, outcome.sentAtMs - outcome.intendedAtMs);
    if (outcome.type === 'failed') {
      this.#counts.failed += 1;
      count(this.#problems, outcome.reason);
      return;
    }
    const { batchSize, status, intendedAtMs, headAtMs, endAtMs } = outcome;
    if (batchSize !== undefined) {
      this.#batches.set(batchSize, (this.#batches.get(batchSize) ?? 0) + 1);
    }
    if (status >= 400) {
      this.#counts.errors += 1;
      count(this.#problems, String(status));
      return;
    }
    this.#counts.ok += 1;
    record(this.#latency, endAtMs - intendedAtMs);
    record(this.#head, headAtMs - intendedAtMs);
  };

  get tally(): Tally {
    return {
      ...this.#counts,
      latency: latenciesOf(this.#latency),
      head: latenciesOf(this.#head),
      lag: latenciesOf(this.#lag),
      batches: this.#batches.size > 0 ? new Map(this.#batches) : undefined,
      problems: { ...this.#problems },
    };
  }
}

/** In µs, at least 1: what a histogram takes. */
function record(histogram: RecordableHistogram, ms: number): void {
  histogram.record(Math.max(1, Math.round(ms * 1000)));
}

function latenciesOf(histogram: RecordableHistogram): Latencies | undefined {
  if (histogram.count === 0) return undefined;
  const at = (percentile: number) => histogram.percentile(percentile) / 1000;
  return {
    mean: histogram.mean / 1000,
    p50: at(50),
    p90: at(90),
    p95: at(95),
    p99: at(99),
    p999: at(99.9),
    max: histogram.max / 1000,
  };
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
