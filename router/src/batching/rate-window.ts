import { RateEstimator } from './rate-estimator.ts';
import type { RateEstimatorOptions } from './rate-estimator.ts';
import type { BatchArrival, ReleasePolicy, ReleasePolicyFactory } from './release-policy.ts';

export interface RateWindowOptions extends RateEstimatorOptions {
  /** The window at low rates, in ms. */
  readonly minWaitMs: number;
  /** The window at high rates, in ms. */
  readonly maxWaitMs: number;
  /** Requests per second at which the window is half way between the two. */
  readonly targetRps: number;
  /** How sharply the window changes around `targetRps`. */
  readonly steepness: number;
}

/**
 * A window that grows with the rate of its key: a request that comes alone waits little, one in a
 * crowd waits for company. Fixed at a batch's first arrival.
 */
export function rateWindow(options: RateWindowOptions): ReleasePolicyFactory {
  return () => new RateWindow(options);
}

class RateWindow implements ReleasePolicy {
  readonly #options: RateWindowOptions;
  readonly #estimator: RateEstimator;
  #waitMs = 0;

  constructor(options: RateWindowOptions) {
    this.#options = options;
    this.#estimator = new RateEstimator(options);
  }

  releaseInMs({ now, size, firstArrivalMs }: BatchArrival): number {
    this.#estimator.count(now);
    if (size === 1) this.#waitMs = waitAt(this.#estimator.rate(now), this.#options);
    return Math.max(0, firstArrivalMs + this.#waitMs - now);
  }
}

/** The logistic curve from `minWaitMs` to `maxWaitMs` around `targetRps`, in whole ms. */
export function waitAt(rate: number, options: RateWindowOptions): number {
  const { minWaitMs, maxWaitMs, targetRps, steepness } = options;
  const share = 1 / (1 + Math.exp(-(rate - targetRps) * steepness));
  const wait = Math.round(minWaitMs + (maxWaitMs - minWaitMs) * share);
  return Math.min(maxWaitMs, Math.max(minWaitMs, wait));
}
