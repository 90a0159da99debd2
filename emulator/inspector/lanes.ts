import type { Entry } from './entries.ts';

/** Rows of a lane; what finds no place is drawn over the last one. */
const MAX_ROWS = 4;

/** An entry and its row. */
export interface Placed {
  readonly entry: Entry;
  readonly row: number;
}

/** The entries of one route. */
export interface Lane {
  readonly route: string;
  readonly placed: readonly Placed[];
  readonly rows: number;
}

/**
 * Puts entries into lanes, one for each of `routes` that has any between the two times, and overlapping
 * ones of a lane into rows.
 */
export function lanesOf(
  entries: readonly Entry[],
  routes: readonly string[],
  fromMs: number,
  toMs: number,
): Lane[] {
  const byRoute = new Map<string, Entry[]>(routes.map((route) => [route, []]));
  for (const entry of entries) {
    if ((entry.endMs ?? toMs) < fromMs || entry.startMs > toMs) continue;
    byRoute.get(entry.route)?.push(entry);
  }
  return [...byRoute]
    .filter(([, own]) => own.length > 0)
    .map(([route, own]) => ({ route, ...place(own, toMs) }));
}

function place(entries: readonly Entry[], nowMs: number): Omit<Lane, 'route'> {
  const ends: number[] = [];
  const placed = entries
    .toSorted((a, b) => a.startMs - b.startMs)
    .map((entry) => {
      const free = ends.findIndex((end) => end <= entry.startMs);
      const row = Math.min(free < 0 ? ends.length : free, MAX_ROWS - 1);
      ends[row] = Math.max(ends[row] ?? 0, entry.endMs ?? nowMs);
      return { entry, row };
    });
  return { placed, rows: ends.length };
}

/** Round times for an axis: every 1, 2 or 5 times a power of ten, about `wanted` of them. */
export function ticksOf(fromMs: number, toMs: number, wanted: number): number[] {
  const rough = (toMs - fromMs) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 0.1)));
  const step = power * ([1, 2, 5].find((factor) => power * factor >= rough) ?? 10);
  const ticks: number[] = [];
  for (let at = Math.ceil(fromMs / step) * step; at <= toMs; at += step) ticks.push(at);
  return ticks;
}
