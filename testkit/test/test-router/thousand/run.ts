import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const VITEST = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')));

/** As much of vitest's JSON report as is read. */
interface Report {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numTotalTests: number;
  readonly testResults: readonly { readonly startTime: number; readonly endTime: number }[];
}

export interface Run {
  readonly success: boolean;
  readonly passed: number;
  readonly total: number;
  /** From the first test to the end of the last one; starting vitest and importing the router come on top. */
  readonly testsMs: number;
  /** Of the whole process. */
  readonly wallMs: number;
}

/** Runs the thousand tests in a vitest of their own. */
export async function runThousandTests(): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'lpr-thousand-'));
  try {
    const report = join(folder, 'report.json');
    const config = join(import.meta.dirname, 'vitest.config.ts');
    const args = [VITEST, 'run', '--config', config, '--reporter=json', `--outputFile=${report}`];
    const startMs = performance.now();
    // It fails where a test does; the report says which.
    await promisify(execFile)(process.execPath, args).catch(() => undefined);
    const wallMs = performance.now() - startMs;
    const text = await readFile(report, 'utf8');
    const { success, numPassedTests, numTotalTests, testResults } = JSON.parse(text) as Report;
    const testsMs = Math.max(
      0,
      ...testResults.map(({ startTime, endTime }) => endTime - startTime),
    );
    return { success, passed: numPassedTests, total: numTotalTests, testsMs, wallMs };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
