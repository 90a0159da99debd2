import type { Architecture } from './prices.ts';

/** A handler, its traffic, and how the router would batch it. */
export interface Workload {
  /** Of one request alone, as Lambda bills it at `memoryMb`. */
  readonly durationMs: number;
  /** The part of it that computes, on a whole vCPU. */
  readonly cpuMs: number;
  readonly memoryMb: number;
  readonly architecture: Architecture;
  /** Of a request and its answer. */
  readonly kilobytes: number;
  /** How many requests a client sends over one connection. */
  readonly requestsPerConnection: number;
  /** Tasks and instances provisioned on average, as a multiple of what the mean rate needs: scaling lags behind. */
  readonly capacityFactor: number;
  readonly maxWaitMs: number;
  readonly maxBatchSize: number;
  /** Routes and tenants that never share a batch, with equal parts of the traffic. */
  readonly keys: number;
  /** Least router tasks, for availability. */
  readonly routerTasks: number;
}

/** As AWS reckons. */
export const SECONDS_PER_MONTH = 730 * 3600;

/** Memory at which a function has one whole vCPU, in MB; below, its share is proportional. */
const MB_PER_VCPU = 1769;

/**
 * How long the computing part of one request takes in the function: longer than `cpuMs` below
 * 1,769 MB. More than one vCPU does not speed up one thread.
 */
export function computingMs({ cpuMs, memoryMb }: Workload): number {
  return cpuMs / Math.min(1, memoryMb / MB_PER_VCPU);
}

/** @throws RangeError for a handler that computes for longer than it takes */
export function checkWorkload(workload: Workload): void {
  const computing = computingMs(workload);
  const { durationMs, cpuMs, memoryMb } = workload;
  // A rounded duration may be a little short.
  if (computing > durationMs * 1.001) {
    throw new RangeError(
      `Expected \`--cpu-ms\` ${cpuMs} to fit into \`--duration-ms\` ${durationMs}, got ${computing.toFixed(1)} ms at ${memoryMb} MB`,
    );
  }
}

/** What an invocation with so many requests takes: they wait together and compute one after the other. */
export function batchDurationMs(workload: Workload, size: number): number {
  const computing = Math.min(computingMs(workload), workload.durationMs);
  return workload.durationMs - computing + size * computing;
}
