import { thisMachine, today } from './machine.ts';
import { measure } from './measure.ts';
import { MEASUREMENTS, nameOf } from './measurements.ts';
import type { Observation, Result } from './measurements.ts';
import { HELP, parseOptions } from './options.ts';
import type { BenchOptions } from './options.ts';
import { saveRun, writePage } from './results.ts';
import { summarize } from './summary.ts';
import type { Stretch, Summary } from './summary.ts';

const options = readOptions();
if (options === 'help') say(HELP);
else if (options !== undefined) await run(options);

/** `undefined` for words that cannot be, which are told. */
function readOptions(): BenchOptions | 'help' | undefined {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}\n`);
    process.exitCode = 2;
    return undefined;
  }
}

async function run(options: BenchOptions): Promise<void> {
  const { only, quick, rounds, connections, rate } = options;
  const chosen = MEASUREMENTS.filter(
    (measurement) => only === undefined || nameOf(measurement).includes(only),
  );
  if (chosen.length === 0) {
    const names = MEASUREMENTS.map(nameOf).join('\n  ');
    throw new RangeError(
      `Expected \`--only\` to be part of a name, got \`${only}\`; names:\n  ${names}`,
    );
  }
  const results: Result[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    // What runs early finds a cooler machine: every second round goes the other way.
    for (const measurement of round % 2 === 1 ? chosen : chosen.toReversed()) {
      const result = await measure(measurement, round, options);
      results.push(result);
      say(`${round}/${rounds} ${lineOf(result)}`);
    }
  }
  if (rounds > 1) {
    for (const summary of summarize(results).values()) say(`median ${lineOf(summary)}`);
  }
  if (quick || only !== undefined) return;
  await saveRun({ date: today(), machine: thisMachine(), connections, rate, results });
  say(`Wrote ${await writePage()}`);
}

function lineOf({ name, flatOut, sameRate, batchSize, rssMegabytes }: Result | Summary): string {
  return [
    name.padEnd(52),
    stretchOf('flat out', flatOut),
    sameRate ? stretchOf('same rate', sameRate) : '',
    `size ${batchSize.toFixed(1)}, ${rssMegabytes.toFixed(0)} MB`,
  ].join(' ');
}

function stretchOf(label: string, stretch: Observation | Stretch): string {
  const { cpuMicrosPerRequest, requestsPerSecond } = stretch;
  const timesFloor = 'timesFloor' in stretch ? stretch.timesFloor : undefined;
  const times = timesFloor === undefined ? '' : ` ${timesFloor.toFixed(2)} ×`;
  return `${label} ${cpuMicrosPerRequest.toFixed(1)} µs${times} ${requestsPerSecond.toFixed(0)}/s`.padEnd(
    36,
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
