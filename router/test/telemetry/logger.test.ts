import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createLogger } from '../../src/telemetry/logger.ts';

const run = promisify(execFile);

function logFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'lpr-log-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, 'log');
}

function setLevel(level: string): void {
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  vi.stubEnv('LPR_LOG_LEVEL', level);
}

test('lines are written to the target, those that are buffered by a flush', async () => {
  const target = logFile();
  const { logger, flush } = createLogger({ level: 'info', target });
  await vi.waitFor(() => expect(readFileSync(target, 'utf8')).toBe(''));
  for (let n = 0; n < 3; n += 1) logger.info({ n }, 'line');
  await vi.waitFor(() => {
    flush();
    const lines = readFileSync(target, 'utf8').trim().split('\n');
    // A flush overtakes the line that is being written.
    const numbers = lines.map((line) => (JSON.parse(line) as { n: number }).n);
    expect(numbers.toSorted()).toEqual([0, 1, 2]);
  });
});

test.for([
  ['', 'info'],
  ['warn', 'warn'],
  ['DEBUG', 'debug'],
  ['silent', 'silent'],
] as const)('LPR_LOG_LEVEL=%s gives the level %s', ([value, level]) => {
  setLevel(value);
  expect(createLogger().logger.level).toBe(level);
});

test('an option for the level wins over the environment', () => {
  setLevel('warn');
  expect(createLogger({ level: 'error' }).logger.level).toBe('error');
});

test('an unknown level is refused with those that there are', () => {
  setLevel('loud');
  expect(() => createLogger()).toThrow(
    'environment: LPR_LOG_LEVEL: expected one of trace, debug, info, warn, error, fatal, silent, got `loud`',
  );
});

test('no line is lost when the process exits at once', async () => {
  const entry = new URL('log-and-exit.ts', import.meta.url);
  const lines = await run(process.execPath, ['--no-warnings', fileURLToPath(entry)]).catch(
    (error: { code: number; stdout: string }) => error,
  );
  expect(lines).toMatchObject({ code: 1 });
  expect(lines.stdout.trim().split('\n')).toHaveLength(1000);
});
