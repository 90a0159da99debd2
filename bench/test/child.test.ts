import { execFile } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';

const CHILD = new URL('../src/child.ts', import.meta.url).href;

/** Starts a program, says its process id and is killed. */
const KILLED = `
  import { ownProgram, startChild } from '${CHILD}';
  const child = startChild({ program: ownProgram('floor'), name: 'floor' });
  await child.message('listening');
  process.stdout.write(String(child.pid), () => process.kill(process.pid, 'SIGKILL'));
`;

test('a measured program ends when the bench is killed', async () => {
  const args = ['--input-type=module-typescript', '--eval', KILLED];
  const pid = await new Promise<number>((resolve) => {
    execFile(process.execPath, args, (_error, stdout) => resolve(Number(stdout)));
  });
  expect(pid).toBeGreaterThan(0);
  onTestFinished(() => {
    if (lives(pid)) process.kill(pid, 'SIGKILL');
  });
  await expect.poll(() => lives(pid), { timeout: 20_000 }).toBe(false);
});

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
