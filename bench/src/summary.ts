import type { BatchSize, Mode, Observation, Result } from './measurements.ts';
import { median } from './statistics.ts';

/** The medians of one stretch over all rounds. */
export interface Stretch extends Observation {
  /** CPU as a multiple of the floor's of the same round; undefined when the floor was not measured. */
  readonly timesFloor: number | undefined;
}

/** The medians over all rounds of one measurement. */
export interface Summary {
  readonly name: string;
  readonly flatOut: Stretch;
  readonly sameRate: Stretch | undefined;
  readonly batchSize: number;
  readonly rssMegabytes: number;
}

/** CPU per request, as multiples of the floor's, that the router is to stay under. */
export const GOALS: readonly {
  readonly mode: Mode;
  readonly batchSize: BatchSize;
  readonly timesFloor: number;
}[] = [
  { mode: 'buffered', batchSize: 1, timesFloor: 6.5 },
  { mode: 'buffered', batchSize: 4, timesFloor: 2.7 },
  { mode: 'buffered', batchSize: 16, timesFloor: 1.9 },
  { mode: 'buffered', batchSize: 64, timesFloor: 1.7 },
  { mode: 'stream', batchSize: 16, timesFloor: 2.2 },
];

/** CPU of an invocation by `signed`, as a share of that by `sdk`, that it is to stay under. */
export const SIGNED_SHARE_GOAL = 0.25;

type StretchName = 'flatOut' | 'sameRate';

/** By name, in the order in which they first appear. */
export function summarize(results: readonly Result[]): Map<string, Summary> {
  const summaries = new Map<string, Summary>();
  for (const { name } of results) {
    if (summaries.has(name)) continue;
    const own = results.filter((result) => result.name === name);
    const floors = results.filter((result) => result.name === 'floor');
    const flatOut = summarizeStretch('flatOut', own, floors);
    if (!flatOut) throw new Error(`Expected an observation of \`${name}\``);
    summaries.set(name, {
      name,
      flatOut,
      sameRate: summarizeStretch('sameRate', own, floors),
      batchSize: median(own.map((result) => result.batchSize)),
      rssMegabytes: median(own.map((result) => result.rssMegabytes)),
    });
  }
  return summaries;
}

function summarizeStretch(
  stretch: StretchName,
  own: readonly Result[],
  floors: readonly Result[],
): Stretch | undefined {
  const seen = own.flatMap((result) => result[stretch] ?? []);
  if (seen.length === 0) return undefined;
  const ratios = own.flatMap((result) => {
    const floor = floors.find(({ round }) => round === result.round)?.[stretch];
    const observation = result[stretch];
    return floor && observation
      ? [observation.cpuMicrosPerRequest / floor.cpuMicrosPerRequest]
      : [];
  });
  return {
    cpuMicrosPerRequest: median(seen.map((observation) => observation.cpuMicrosPerRequest)),
    requestsPerSecond: median(seen.map((observation) => observation.requestsPerSecond)),
    timesFloor: ratios.length === 0 ? undefined : median(ratios),
  };
}
