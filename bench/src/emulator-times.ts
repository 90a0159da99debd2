import { measureFloor, measureLatency } from './emulator-latency.ts';
import { startLambdaLocal, startLprEmulator } from './emulator-program.ts';
import { measureReloads } from './emulator-reload.ts';
import { measureStart } from './emulator-start.ts';
import { median } from './statistics.ts';

const quick = process.argv.includes('--quick');
const rounds = quick ? 2 : 9;
const requests = quick ? 100 : 2000;

const starts = { ours: [] as number[], other: [] as number[] };
for (let round = 0; round < rounds; round += 1) {
  starts.ours.push(await measureStart(startLprEmulator));
  starts.other.push(await measureStart(startLambdaLocal));
}
const reloads = await measureReloads(rounds);
const latencies = {
  ours: await measureLatency(startLprEmulator, requests),
  other: await measureLatency(startLambdaLocal, requests),
  floor: await measureFloor(requests),
};

const rows = [
  ['', 'lpr-emulator', 'goal', 'lambda-local', 'node:http'],
  ['start to first answer', shown(starts.ours), '500', shown(starts.other), ''],
  // `lambda-local` has to be started again.
  ['edit of an import to first new answer', shown(reloads), '150', '', ''],
  [
    'a request, beside the handler',
    shown(latencies.ours),
    '1',
    shown(latencies.other),
    shown(latencies.floor),
  ],
];
process.stdout.write(`Medians in ms, ${rounds} rounds, Node.js ${process.versions.node}\n`);
for (const [what = '', ...cells] of rows) {
  process.stdout.write(`${what.padEnd(38)}${cells.map((cell) => cell.padStart(14)).join('')}\n`);
}

function shown(times: readonly number[]): string {
  return median(times).toFixed(2);
}
