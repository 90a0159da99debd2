/** What a release policy is told at each arrival, the new item included. */
export interface BatchArrival {
  /** Epoch ms. */
  readonly now: number;
  /** Items in the batch, >= 1. */
  readonly size: number;
  /** Epoch ms. */
  readonly firstArrivalMs: number;
  /** Sum of the epoch ms of all arrivals; `now * size - sumOfArrivalsMs` is the time waited so far. */
  readonly sumOfArrivalsMs: number;
}

/** Says in how many milliseconds to release the batch; 0 means now. Asked at each arrival of its key. */
export interface ReleasePolicy {
  releaseInMs(arrival: BatchArrival): number;
}

/** Makes the policy of one key; a policy with state is one per key, one without may be shared. */
export type ReleasePolicyFactory = () => ReleasePolicy;

/** Why a batch left. */
export const RELEASE_REASONS = ['full', 'window', 'payload', 'drain'] as const;
export type ReleaseReason = (typeof RELEASE_REASONS)[number];
