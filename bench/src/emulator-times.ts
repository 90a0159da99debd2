import { measureLatency } from './emulator-latency.ts';
import { measureReloads } from './emulator-reload.ts';
import { measureStart } from './emulator-start.ts';
import { median } from './statistics.ts';

const quick = process.argv.includes('--quick');
const rounds = quick ? 2 : 9;

const starts: number[] = [];
for (let round = 0; round < rounds; round += 1) starts.push(await measureStart());
const reloads = await measureReloads(rounds);
const { emulator, floor } = await measureLatency(quick ? 100 : 2000);

const rows = [
  ['start to first answer', median(starts), 500],
  ['edit to first new answer', median(reloads), 150],
  ['a request, beside the handler', median(emulator), 1],
] as const;
process.stdout.write(`Medians in ms, ${rounds} rounds, Node.js ${process.versions.node}\n`);
for (const [what, measured, goal] of rows) {
  process.stdout.write(`${what.padEnd(32)}${measured.toFixed(2).padStart(9)}  goal ${goal}\n`);
}
process.stdout.write(
  `${'(a bare node:http server)'.padEnd(32)}${median(floor).toFixed(2).padStart(9)}\n`,
);
