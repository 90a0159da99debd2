import type {
  BatchSummary,
  EnvironmentSummary,
  RequestSummary,
  Setting,
  Update,
} from '../src/inspector/messages.ts';

/** What the emulator has told so far. */
export interface State {
  readonly batches: ReadonlyMap<string, BatchSummary>;
  readonly requests: ReadonlyMap<string, RequestSummary>;
  readonly environments: ReadonlyMap<number, EnvironmentSummary>;
  readonly setting: Setting;
  readonly connected: boolean;
  /** Added to the page's clock it gives the emulator's, in ms. */
  readonly clockOffsetMs: number;
}

/** Before the first event. */
export const NOTHING: State = {
  batches: new Map(),
  requests: new Map(),
  environments: new Map(),
  setting: { routes: [], functions: [] },
  connected: false,
  clockOffsetMs: 0,
};

/** The state after an event; entries stay in the order in which they came first. */
export function apply(state: State, update: Update): State {
  const { setting = state.setting } = update;
  return {
    ...state,
    setting,
    batches: merge(state.batches, update.batches, update.gone),
    requests: merge(state.requests, update.requests, update.gone),
    environments: merge(state.environments, update.environments, update.gone),
  };
}

function merge<K extends string | number, V extends { readonly id: K }>(
  before: ReadonlyMap<K, V>,
  changed: readonly V[],
  gone: readonly (string | number)[],
): ReadonlyMap<K, V> {
  if (changed.length === 0 && gone.length === 0) return before;
  const after = new Map(before);
  for (const entry of changed) after.set(entry.id, entry);
  for (const id of gone) after.delete(id as K);
  return after;
}

/** When the last batch or request ended, epoch ms; `Infinity` while one is under way. */
export function busyUntil({ batches, requests }: State): number {
  let untilMs = 0;
  for (const { releasedAtMs, durationMs = Number.POSITIVE_INFINITY } of batches.values()) {
    untilMs = Math.max(untilMs, releasedAtMs + durationMs);
  }
  for (const { arrivedAtMs, totalMs = Number.POSITIVE_INFINITY } of requests.values()) {
    untilMs = Math.max(untilMs, arrivedAtMs + totalMs);
  }
  return untilMs;
}
