import { readFile, writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { EXIT_USAGE, prepareCommand, startFailure } from 'lpr-router';
import { PAGE, withTables } from './break-even-page.ts';
import { WAITING } from './handlers.ts';
import { readPrices } from './prices.ts';
import type { Architecture } from './prices.ts';
import { breakEvenTable, costTable, tasksTable } from './tables.ts';
import { checkWorkload } from './workload.ts';
import type { Workload } from './workload.ts';

interface Flags extends Omit<Workload, 'architecture'> {
  readonly arch: Architecture;
  readonly prices?: string;
  readonly write?: boolean;
}

const program = prepareCommand(new Command('break-even'))
  .description('From how many requests on the router costs less than what else there is.')
  .configureHelp({ helpWidth: 100 })
  .addOption(flag('--duration-ms <number>', 'of a request alone, billed', WAITING.durationMs))
  .addOption(flag('--cpu-ms <number>', 'of it, computing on a whole vCPU', WAITING.cpuMs))
  .addOption(flag('--memory-mb <number>', 'of the function', WAITING.memoryMb))
  .addOption(
    new Option('--arch <name>', 'of everything')
      .choices(['x86_64', 'arm64'])
      .default(WAITING.architecture),
  )
  .addOption(flag('--max-wait-ms <number>', 'window of the router', WAITING.maxWaitMs))
  .addOption(flag('--max-batch-size <number>', 'most requests in a batch', WAITING.maxBatchSize))
  .addOption(flag('--keys <number>', 'routes, tenants that share no batch', WAITING.keys))
  .addOption(flag('--router-tasks <number>', 'at least', WAITING.routerTasks))
  .addOption(
    flag(
      '--capacity-factor <number>',
      'provisioned tasks and instances over what the mean rate needs',
      WAITING.capacityFactor,
    ),
  )
  .addOption(flag('--kilobytes <number>', 'of request and answer', WAITING.kilobytes))
  .addOption(
    flag('--requests-per-connection <number>', 'of a client', WAITING.requestsPerConnection),
  )
  .option('--prices <file>', 'of another region than us-east-1')
  .option('--write', 'write the tables of docs/should-i-use-this.md, for its own handlers')
  .action(run);

try {
  await program.parseAsync(process.argv);
} catch (error) {
  const { message, exitCode } = startFailure(error);
  if (message !== '') process.stderr.write(`${message}\n`);
  process.exitCode = error instanceof RangeError ? EXIT_USAGE : exitCode;
}

async function run({ prices: file, write, arch: architecture, ...flags }: Flags): Promise<void> {
  const workload: Workload = { ...flags, architecture };
  const prices = readPrices(file);
  if (write === true) {
    await writeFile(PAGE, withTables(await readFile(PAGE, 'utf8'), prices));
    process.stdout.write('Wrote docs/should-i-use-this.md\n');
    return;
  }
  checkWorkload(workload);
  const checked = prices.checkedOnline ? '' : ", entered without access to AWS's pages";
  process.stdout.write(
    [
      `Prices of ${prices.region}, ${prices.date}${checked}.`,
      breakEvenTable(workload, prices),
      costTable(workload, prices),
      'At 200 requests a second:',
      tasksTable(200, workload, prices),
      '',
    ].join('\n\n'),
  );
}

function flag(flags: string, description: string, preset: number): Option {
  return new Option(flags, description).default(preset).argParser((text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
    throw new InvalidArgumentError('Expected a number > 0.');
  });
}
