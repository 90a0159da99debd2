import { table } from './markdown-table.ts';
import { FLAT_GOAL, KEYS_GOAL_MEGABYTES } from './memory-figures.ts';
import type { LiveKeys, MemoryUnderLoad } from './memory-figures.ts';
import { median } from './statistics.ts';

/** The page's section on memory; says so where nothing was measured yet. */
export function memorySection(load: MemoryUnderLoad | undefined, keys: LiveKeys | undefined) {
  return `## Memory

A router at full load (batch 16, buffered, invoker \`signed\`): the median of its resident memory in the middle third of
the time, when the heap has grown into its limits, and in the last. And what batch keys cost that are alive while
nothing happens, windows that follow the rate included.

${table(['', 'goal', 'measured', 'on', ''], [loadRow(load), keysRow(keys)])}

\`\`\`sh
npm run memory -w bench
npm run live-keys -w bench
\`\`\``;
}

function loadRow(load: MemoryUnderLoad | undefined): string[] {
  const goal = `± ${FLAT_GOAL * 100} %`;
  if (!load) return ['full load', goal, '–', '–', 'not measured'];
  const { middle, last, change } = thirdsOf(load.megabytes);
  const minutes = load.seconds / 60;
  return [
    `${minutes} minutes at full load, ${load.requests.toLocaleString('en-US')} requests`,
    goal,
    `${middle.toFixed(0)} MB, then ${last.toFixed(0)} MB (${percent(change)})`,
    load.date,
    Math.abs(change) <= FLAT_GOAL ? 'reached' : 'missed',
  ];
}

function keysRow(keys: LiveKeys | undefined): string[] {
  const goal = `≤ ${KEYS_GOAL_MEGABYTES} MB, no timer of their own`;
  if (!keys) return ['live keys', goal, '–', '–', 'not measured'];
  const { megabytes, timers, timersOfOneKey } = keys;
  const reached = megabytes <= KEYS_GOAL_MEGABYTES && timers <= timersOfOneKey;
  return [
    `${keys.keys.toLocaleString('en-US')} live keys`,
    goal,
    `${megabytes.toFixed(1)} MB, ${timers} timers (${timersOfOneKey} with one key)`,
    keys.date,
    reached ? 'reached' : 'missed',
  ];
}

/** The heap grows into its limits at first: what counts is whether it goes on. */
export function thirdsOf(megabytes: readonly number[]) {
  const third = Math.floor(megabytes.length / 3);
  const middle = median(megabytes.slice(third, 2 * third));
  const last = median(megabytes.slice(2 * third));
  return { middle, last, change: last / middle - 1 };
}

function percent(share: number): string {
  return `${share < 0 ? '−' : '+'}${(Math.abs(share) * 100).toFixed(1)} %`;
}
