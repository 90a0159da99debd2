import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ownProgram, startChild } from './child.ts';
import { startClosedLoop } from './closed-loop.ts';
import { thisMachine, today } from './machine.ts';
import { startMeasured } from './measure.ts';
import { thirdsOf } from './memory-section.ts';
import { parseOptions } from './options.ts';
import { saveFigures, writePage } from './results.ts';

/** Usage: `node src/memory.ts [seconds]` (default 300). Does a router at full load keep its memory? */
const seconds = Number(process.argv[2] ?? 300);
if (!(seconds >= 30)) throw new RangeError(`Expected at least 30 seconds, got ${process.argv[2]}`);

const options = parseOptions([]);
if (options === 'help') throw new Error('Expected options');
const folder = await mkdtemp(join(tmpdir(), 'lpr-bench-'));
const lambda = startChild({ program: ownProgram('lambda'), name: 'lambda' });
try {
  const { url: lambdaUrl } = await lambda.message<{ url: string }>('listening');
  const router = { type: 'router', invoker: 'signed', batchSize: 16, mode: 'buffered' } as const;
  const { child, url } = await startMeasured(router, lambdaUrl, folder, options);
  const load = startClosedLoop(url, options.connections);
  const megabytes: number[] = [];
  for (let second = 0; second < seconds; second += 5) {
    await Promise.race([delay(5000), load.failed, child.died]);
    megabytes.push(Math.round((await child.usage()).rssBytes / 1e6));
    process.stderr.write(`${second + 5} s  ${megabytes.at(-1)} MB\n`);
  }
  load.stop();
  const { middle, last, change } = thirdsOf(megabytes);
  process.stdout.write(
    `${load.completed} requests in ${seconds} s: ${middle.toFixed(0)} MB in the middle third, ` +
      `${last.toFixed(0)} MB in the last (${(change * 100).toFixed(1)} %)\n`,
  );
  const { completed: requests } = load;
  const occasion = { date: today(), machine: thisMachine() };
  await saveFigures('memory', { ...occasion, seconds, requests, megabytes });
  process.stdout.write(`Wrote ${await writePage()}\n`);
  await child.stop();
} finally {
  await lambda.stop();
  await rm(folder, { recursive: true });
}
