import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** One round and short measurements: shows that it works, not how fast it is. */
  readonly quick: boolean;
  /** Only measurements whose name contains this, e.g. `batch 16` or `signed`; no page is written. */
  readonly only: string | undefined;
  /** Folder for a CPU profile of each router process. */
  readonly cpuProfiles: string | undefined;
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** Connections of the load generator, each with one request at a time. */
  readonly connections: number;
  /** Requests a second, the same for all, of the second stretch of a measurement. */
  readonly rate: number;
}

export const HELP = `npm run bench -- [flags]
  --quick              one round of short measurements; no page is written
  --only <text>        only measurements whose name contains the text; no page is written
  --rounds <n>         rounds, of which the median is taken (default 3)
  --cpu-prof <folder>  write a CPU profile of each measured process`;

/** Throws on flags that it does not know. */
export function parseOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      rounds: { type: 'string' },
      'cpu-prof': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const { quick } = values;
  const rounds = Number(values.rounds ?? (quick ? 1 : 3));
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new RangeError(`Expected \`--rounds\` to be an integer >= 1, got \`${values.rounds}\``);
  }
  return {
    quick,
    only: values.only,
    cpuProfiles: values['cpu-prof'],
    rounds,
    warmUpMs: quick ? 500 : 2000,
    measureMs: quick ? 1000 : 4000,
    connections: 256,
    rate: 5000,
  };
}
