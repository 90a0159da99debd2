/** A stretch of time with one mean rate. */
export interface Stage {
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
}

/** How arrivals are spaced: as those of independent clients (exponential gaps), or evenly. */
export const SPACINGS = ['poisson', 'even'] as const;
export type Spacing = (typeof SPACINGS)[number];

/**
 * The moments at which requests of a stage arrive, in ms from its start, ascending. They depend on
 * nothing else: no answer, however late, moves or drops one.
 */
export function* arrivalsOf(
  { rate, seconds }: Stage,
  spacing: Spacing,
  random: () => number,
): Generator<number> {
  const gapMs = 1000 / rate;
  const endMs = seconds * 1000;
  if (spacing === 'even') {
    // Multiplied, not added up: a million small errors make a large one.
    for (let n = 0; n * gapMs < endMs; n += 1) yield n * gapMs;
    return;
  }
  for (let atMs = 0; ;) {
    atMs += -Math.log(1 - random()) * gapMs;
    if (atMs >= endMs) return;
    yield atMs;
  }
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32): a run can be repeated. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
