import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { fromCsv } from '../src/loadtest/summary-csv.ts';
import { startAws } from './loadtest-aws-server.ts';
import { listenOnLoopback } from './loopback-server.ts';

const PROGRAM = fileURLToPath(new URL('../src/loadtest/program.ts', import.meta.url));

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...process.env, INIT_CWD: undefined, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      child.emit('output');
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number);
  return { child, ended, output: () => output };
}

async function run(...args: readonly string[]) {
  const program = start(args);
  const code = await program.ended;
  return { code, output: program.output() };
}

async function folderForTest(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lpr-loadtest-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

const rowsIn = async (folder: string) =>
  fromCsv(await readFile(join(folder, 'summary.csv'), 'utf8'));

describe('load test of the emulator', () => {
  let folder = '';
  let output = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lpr-loadtest-'));
    const stages = ['--stage', '40x1', '--stage', '80x1', '--warm-up', '0.2'];
    const finished = await run('--out', folder, ...stages);
    output = finished.output;
    expect(finished).toMatchObject({ code: 0 });
    return () => rm(folder, { recursive: true });
  });

  it('answers everything on every route, with invocations that the emulator counted', async () => {
    const rows = await rowsIn(folder);
    expect(rows.map(({ route, stage }) => `${route} ${stage}`)).toEqual(
      ['direct', 'buffered', 'dynamic', 'streaming'].flatMap((name) => [`${name} 1`, `${name} 2`]),
    );
    for (const row of rows) {
      expect(row.ok).toBe(row.arrivals);
      expect(row).toMatchObject({ invocations_from: 'counted', memory_mb: 512 });
      const { invocations_per_1000_requests: invocations } = row;
      expect(row.direct ? invocations === 1000 : invocations! < 1000).toBe(true);
    }
    // Every route has met the same arrivals.
    expect(new Set(rows.filter(({ stage }) => stage === 1).map((row) => row.arrivals)).size).toBe(
      1,
    );
  });

  it('counts what the answers say about their batches', async () => {
    const record = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as {
      partial: boolean;
      results: {
        route: { name: string };
        tally: { batches: Record<string, number> };
        billing: { invocations: number };
      }[];
    };
    expect(record.partial).toBe(false);
    for (const { tally, billing } of record.results) {
      const shares = Object.entries(tally.batches).map(([size, count]) => count / Number(size));
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(billing.invocations, 6);
    }
  });

  it('writes the reports, and tells where it is', async () => {
    expect((await readdir(folder)).toSorted()).toEqual([
      'cost.svg',
      'invocations.svg',
      'latency.svg',
      'report.html',
      'run.json',
      'summary.csv',
    ]);
    expect(output).toContain('Load on the emulator with bench/src/demo/lpr.yaml: direct, buffered');
    expect(output).toMatch(/streaming, stage 2 \(80\/s\): \d+ good answers, 0 others, p50 /);
    expect(output).toContain(`Wrote ${folder}/report.html`);
  });

  it('draws the same charts again from the CSV', async () => {
    const again = await folderForTest();
    const csv = join(folder, 'summary.csv');
    expect(await run('--from-csv', csv, '--out', again)).toMatchObject({ code: 0 });
    for (const file of ['latency.svg', 'invocations.svg', 'cost.svg']) {
      const [first, second] = [
        await readFile(join(folder, file)),
        await readFile(join(again, file)),
      ];
      expect(second.equals(first)).toBe(true);
    }
  });

  it('compares two runs', async () => {
    const file = join(await folderForTest(), 'new', 'comparison.html');
    expect(await run('compare', folder, join(folder, 'summary.csv'), '--out', file)).toEqual({
      code: 0,
      output: `Wrote ${file}\n`,
    });
    expect(await readFile(file, 'utf8')).toContain('<td>streaming</td>');
  });
});

describe('load test of a URL', () => {
  it('compares its routes with the function itself', async () => {
    const folder = await folderForTest();
    const url = await listenOnLoopback((request, response) => {
      if (request.url !== '/function') response.setHeader('x-lpr-batch-size', '5');
      response.end();
    });
    const finished = await run(
      '--url',
      url,
      '--direct',
      `${url}/function`,
      '--path',
      '/a/{id}',
      '--path',
      'POST /b',
      '--stage',
      '50x0.5',
      '--warm-up',
      '0',
      '--billed-ms',
      '20',
      '--out',
      folder,
    );
    expect(finished).toMatchObject({ code: 0 });
    const rows = await rowsIn(folder);
    expect(rows.map(({ route, invocations_vs_direct: times }) => [route, times])).toEqual([
      ['direct', 1],
      ['/a/{id}', 0.2],
      ['POST /b', 0.2],
    ]);
    expect(rows[1]!.lambda_cost_vs_direct).toBeCloseTo(0.2, 3);
  });

  it('reports what it has when it is stopped', async () => {
    const folder = await folderForTest();
    let asked = (): void => undefined;
    const first = new Promise<void>((resolve) => (asked = resolve));
    const url = await listenOnLoopback((_request, response) => {
      asked();
      response.end();
    });
    const program = start([
      '--url',
      url,
      '--path',
      '/',
      '--stage',
      '100x600',
      '--warm-up',
      '0',
      '--out',
      folder,
    ]);
    await first;
    program.child.kill('SIGINT');
    expect(await program.ended).toBe(0);
    expect(program.output()).toContain('Stopping: waiting for answers');
    const [row] = await rowsIn(folder);
    expect(row!.arrivals).toBeGreaterThan(0);
    expect(row!.seconds).toBeLessThan(600);
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain(
      'Stopped before its end: what was measured until then.',
    );
  });

  it('fails when nobody answers well, and says what came instead', async () => {
    const folder = await folderForTest();
    const url = await listenOnLoopback((_request, response) => {
      response.writeHead(503).end();
    });
    const finished = await run(
      '--url',
      url,
      '--path',
      '/',
      '--stage',
      '50x0.2',
      '--warm-up',
      '0',
      '--out',
      folder,
    );
    expect(finished.code).toBe(1);
    expect(finished.output).toMatch(/Expected good answers, got none: \d+ × 503/);
  });
});

describe('load test of a stack', () => {
  it('finds the router and its routes, and reckons with what CloudWatch told', async () => {
    const folder = await folderForTest();
    const router = await listenOnLoopback((_request, response) => {
      response.setHeader('x-lpr-batch-size', '4').end();
    });
    const aws = await startAws({
      name: 'demo',
      outputs: { RouterUrl: router },
      resources: { Hello: 'demo-Hello' },
      template: {
        Resources: {
          Hello: { Type: 'AWS::Lambda::Function', Properties: { MemorySize: 1024 } },
          Manifest: {
            Type: 'Custom::LprConfigPublisher',
            Properties: {
              Spec: {
                paths: {
                  '/hello/{name}': {
                    get: {
                      operationId: 'hello',
                      'x-target-lambda': { 'Fn::GetAtt': ['Hello', 'Arn'] },
                      'x-lpr': { maxWaitMs: 20, maxBatchSize: 4 },
                    },
                  },
                },
              },
            },
          },
        },
      },
      metrics: () => ({ 'Invocations/demo-Hello': [5], 'Duration/demo-Hello': [200] }),
    });
    const program = start(
      [
        '--stack',
        'demo',
        '--region',
        'us-east-1',
        '--stage',
        '50x0.5',
        '--warm-up',
        '0',
        // One look: less than the pause before the next.
        '--metrics-wait',
        '1',
        '--out',
        folder,
      ],
      {
        AWS_ENDPOINT_URL_CLOUDFORMATION: aws,
        AWS_ENDPOINT_URL_CLOUDWATCH: aws,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
      },
    );
    expect(await program.ended, program.output()).toBe(0);
    const [row] = await rowsIn(folder);
    expect(row).toMatchObject({
      route: 'hello',
      mean_batch_size: 4,
      billed_ms: 40,
      billed_from: 'cloudwatch',
      memory_mb: 1024,
    });
  });
});

describe('load test that is called wrongly', () => {
  it.each([
    [['--stages', '1x1'], '(Did you mean --stage?)'],
    [['--config', 'missing.yaml'], 'missing.yaml'],
    [['--route', 'none'], 'Expected `--route` to be one of `direct`'],
    [['--from-csv', 'none.csv'], "Expected a run's `summary.csv` at `none.csv`, got nothing there"],
    [['compare', 'none', 'none'], "Expected a run's `summary.csv` at `none`, got nothing there"],
  ])('says so and exits with 2: %j', async (args, message) => {
    const finished = await run(...args);
    expect(finished.output).toContain(message);
    expect(finished.code).toBe(2);
  });

  it('names the file that is no CSV, and exits with 1', async () => {
    const file = join(await folderForTest(), 'summary.csv');
    await writeFile(file, 'route,"\n');
    const { code, output } = await run('--from-csv', file);
    expect(output).toMatch(`${file}: Expected a run's \`summary.csv\`, got what is no CSV: `);
    expect(code).toBe(1);
  });

  it('shows its flags within 100 columns', async () => {
    const { code, output } = await run('--help');
    expect(code).toBe(0);
    expect(output).toContain('--from-csv <file>');
    expect(Math.max(...output.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});
