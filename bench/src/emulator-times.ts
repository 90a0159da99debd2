import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { startLambdaLocal, startLprEmulator } from './emulator-contestants.ts';
import { measureFloor, measureLatency } from './emulator-latency.ts';
import { renderEmulatorPage } from './emulator-page.ts';
import type { EmulatorFigures } from './emulator-page.ts';
import type { StartEmulator } from './emulator-program.ts';
import { measureReloads } from './emulator-reload.ts';
import { measureStart } from './emulator-start.ts';
import { thisMachine } from './machine.ts';
import {
  SERVERLESS_VERSIONS,
  installServerlessOffline,
  startServerlessOffline,
} from './serverless-offline.ts';
import { median } from './statistics.ts';

const ROOT = new URL('../../', import.meta.url);
const quick = process.argv.includes('--quick');
const rounds = quick ? 2 : 9;
const requests = quick ? 100 : 2000;

interface Contestant {
  readonly name: string;
  readonly start: StartEmulator;
  /** As it is started for edits; absent where it does not reload. */
  readonly startReloading?: StartEmulator;
}

const contestants: Contestant[] = [
  { name: 'lpr-emulator', start: startLprEmulator, startReloading: startLprEmulator },
  { name: 'lambda-local', start: startLambdaLocal },
];
const missing: string[] = [];
if (!quick) {
  say('Installing serverless-offline, unless it is there …');
  const failure = await installServerlessOffline();
  if (failure === undefined) {
    contestants.push({
      name: 'serverless-offline',
      start: startServerlessOffline(),
      startReloading: startServerlessOffline('--reloadHandler'),
    });
  } else missing.push(`\`serverless-offline\` could not be installed: ${failure}`);
}

const starts = new Map<string, number[]>();
for (let round = 1; round <= rounds; round += 1) {
  // What runs early finds a cooler machine: every second round goes the other way.
  for (const { name, start } of round % 2 === 1 ? contestants : contestants.toReversed()) {
    starts.set(name, [...(starts.get(name) ?? []), await measureStart(start)]);
  }
}
const figures: EmulatorFigures[] = [];
for (const { name, start, startReloading } of contestants) {
  figures.push({
    name,
    starts: starts.get(name) ?? [],
    ...(startReloading === undefined
      ? {}
      : { reloads: await measureReloads(startReloading, rounds) }),
    requests: await measureLatency(start, requests),
  });
}
figures.push({ name: 'node:http', requests: await measureFloor(requests) });

for (const { name, ...times } of figures) {
  const medians = Object.entries(times).map(
    ([what, measured]) => `${what} ${median(measured).toFixed(2)} ms`,
  );
  say(`${name.padEnd(20)}${medians.join('  ')}`);
}
if (!quick) await write();

async function write(): Promise<void> {
  const date = new Date().toISOString().slice(0, 10);
  const machine = thisMachine();
  const versions = { 'lambda-local': versionOf('lambda-local'), ...SERVERLESS_VERSIONS };
  const page = renderEmulatorPage(figures, { date, machine, rounds, requests, versions, missing });
  await writeFile(new URL('docs/emulator-benchmarks.md', ROOT), page);
  const record = `${JSON.stringify({ date, machine, versions, figures }, undefined, 2)}\n`;
  await writeFile(new URL(`bench/results/emulator-${date}.json`, ROOT), record);
  say('Wrote docs/emulator-benchmarks.md');
}

function versionOf(name: string): string {
  const file = new URL(import.meta.resolve(`${name}/package.json`));
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
