import type { Machine } from './machine.ts';

interface Occasion {
  /** ISO date of the run. */
  readonly date: string;
  readonly machine: Machine;
}

/** A router at full load for some minutes. */
export interface MemoryUnderLoad extends Occasion {
  readonly seconds: number;
  readonly requests: number;
  /** Resident memory each five seconds. */
  readonly megabytes: readonly number[];
}

/** Batch keys that are alive while nothing happens. */
export interface LiveKeys extends Occasion {
  readonly keys: number;
  /** Of the heap, for all of them. */
  readonly megabytes: number;
  /** Timers pending with all keys, and with one. */
  readonly timers: number;
  readonly timersOfOneKey: number;
}

/** Share by which memory may change between the middle and the last third of the time. */
export const FLAT_GOAL = 0.1;
/** Heap that 10,000 live keys may take. */
export const KEYS_GOAL_MEGABYTES = 50;
