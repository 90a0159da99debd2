export interface RateEstimatorOptions {
  /** Length of a sample, in ms. */
  readonly samplingIntervalMs: number;
  /** Completed samples that the mean is taken of, at most. */
  readonly smoothingSamples: number;
}

/**
 * Requests per second of one key: the mean of the last completed samples, 0 while there is none.
 * Samples follow each other from the first arrival on, silent ones included; they are completed
 * when somebody asks, so an idle key costs no timer.
 */
export class RateEstimator {
  readonly #intervalMs: number;
  /** Arrivals in completed samples; a ring. */
  readonly #samples: number[] = [];
  readonly #capacity: number;
  #next = 0;
  #sum = 0;
  #sampleStartMs: number | undefined;
  #arrivals = 0;

  constructor({ samplingIntervalMs, smoothingSamples }: RateEstimatorOptions) {
    this.#intervalMs = samplingIntervalMs;
    this.#capacity = smoothingSamples;
  }

  /** Counts an arrival at `nowMs`, which never goes back. */
  count(nowMs: number): void {
    this.#completeUntil(nowMs);
    this.#arrivals += 1;
  }

  /** Requests per second. */
  rate(nowMs: number): number {
    this.#completeUntil(nowMs);
    if (this.#samples.length === 0) return 0;
    return (this.#sum / this.#samples.length) * (1000 / this.#intervalMs);
  }

  #completeUntil(nowMs: number): void {
    this.#sampleStartMs ??= nowMs;
    const elapsed = Math.floor((nowMs - this.#sampleStartMs) / this.#intervalMs);
    if (elapsed <= 0) return;
    this.#complete(this.#arrivals);
    this.#arrivals = 0;
    // Silence beyond what the ring holds changes nothing more.
    for (let silent = Math.min(elapsed - 1, this.#capacity); silent > 0; silent -= 1) {
      this.#complete(0);
    }
    this.#sampleStartMs += elapsed * this.#intervalMs;
  }

  #complete(arrivals: number): void {
    this.#sum += arrivals - (this.#samples[this.#next] ?? 0);
    this.#samples[this.#next] = arrivals;
    this.#next = (this.#next + 1) % this.#capacity;
  }
}
