import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { check } from './check.mjs';
import { ensureInstalled, ensureRuntimeClient } from './install.mjs';
import { pinnedNode, run, say, tool } from './workspace.mjs';

await ensureInstalled();
await ensureRuntimeClient();
await ensureBuilt();
const failedChecks = await check();

const folder = mkdtempSync(join(tmpdir(), 'lpr-test-'));
const report = join(folder, 'report.json');
const code = await run(pinnedNode, [
  tool('vitest/vitest.mjs'),
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]);
const {
  numPassedTests = 0,
  numFailedTests = 0,
  numPendingTests = 0,
  numTodoTests = 0,
} = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
rmSync(folder, { recursive: true });

const skipped = numPendingTests + numTodoTests;
if (skipped > 0) say(`Expected no skipped test, got ${skipped}`);
if (failedChecks.length > 0) say(`Failed checks: ${failedChecks.join(', ')}`);
// A suite that cannot be loaded, or an error outside any test, fails the run without a failed test.
const other = code !== 0 && numFailedTests === 0 ? 1 : 0;
const failed = numFailedTests + failedChecks.length + skipped + other;
process.exitCode = failed > 0 || numPassedTests === 0 ? 1 : 0;
process.stdout.write(`${numPassedTests} passed, ${failed} failed\n`);
