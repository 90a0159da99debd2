import { availableParallelism, cpus } from 'node:os';

/** Where figures come from. */
export interface Machine {
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
}

export function thisMachine(): Machine {
  const [cpu] = cpus();
  return {
    node: process.versions.node,
    cpu: cpu?.model ?? 'unknown',
    cores: availableParallelism(),
  };
}

/** ISO date, as results are named. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
