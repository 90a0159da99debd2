import type { BatchSize, Mode, Result } from './measurements.ts';
import { median } from './statistics.ts';

/** The medians over all rounds of one measurement. */
export interface Summary {
  readonly name: string;
  readonly cpuMicrosPerRequest: number;
  readonly requestsPerSecond: number;
  readonly batchSize: number;
  readonly rssMegabytes: number;
  /** CPU as a multiple of the floor's of the same round; undefined when the floor was not measured. */
  readonly timesFloor: number | undefined;
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

/** By name, in the order in which they first appear. */
export function summarize(results: readonly Result[]): Map<string, Summary> {
  const floors = new Map<number, number>();
  for (const { name, round, cpuMicrosPerRequest } of results) {
    if (name === 'floor') floors.set(round, cpuMicrosPerRequest);
  }
  const summaries = new Map<string, Summary>();
  for (const { name } of results) {
    if (summaries.has(name)) continue;
    const own = results.filter((result) => result.name === name);
    const ratios = own.flatMap(({ round, cpuMicrosPerRequest }) => {
      const floor = floors.get(round);
      return floor === undefined ? [] : [cpuMicrosPerRequest / floor];
    });
    const middle = (of: (result: Result) => number) => median(own.map(of));
    summaries.set(name, {
      name,
      cpuMicrosPerRequest: middle((result) => result.cpuMicrosPerRequest),
      requestsPerSecond: middle((result) => result.requestsPerSecond),
      batchSize: middle((result) => result.batchSize),
      rssMegabytes: middle((result) => result.rssMegabytes),
      timesFloor: ratios.length === 0 ? undefined : median(ratios),
    });
  }
  return summaries;
}
