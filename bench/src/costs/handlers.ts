import { TYPICAL_TRAFFIC } from './service-cost.ts';
import type { Workload } from './workload.ts';

/** What the flags of `break-even` start from, and the first handler of the docs. */
export const WAITING: Workload = {
  durationMs: 100,
  cpuMs: 2,
  memoryMb: 512,
  architecture: 'x86_64',
  ...TYPICAL_TRAFFIC,
  capacityFactor: 1.5,
  maxWaitMs: 25,
  maxBatchSize: 16,
  keys: 1,
  routerTasks: 2,
};

/** The handlers that the docs work out. */
export const HANDLERS: readonly { readonly title: string; readonly workload: Workload }[] = [
  { title: 'waits', workload: WAITING },
  { title: 'short', workload: { ...WAITING, durationMs: 10, cpuMs: 1, memoryMb: 512 } },
  { title: 'computes', workload: { ...WAITING, durationMs: 100, cpuMs: 100, memoryMb: 1769 } },
];
