import { expect, onTestFinished, test } from 'vitest';
import { isAlive, startListening } from '../support/program.ts';
import { createProject } from '../support/project.ts';

const MANIFEST = `
Spec:
  paths:
    /{name}:
      get:
        x-target-lambda: arn:aws:lambda:us-east-1:123456789012:function:app
        x-lpr: { maxWaitMs: 1, maxBatchSize: 1 }
Emulator:
  Functions:
    app: { Handler: app.handler, Mode: layer, Runtime: nodejs${process.versions.node.split('.')[0]}.x }
`;

/** Never lets go by itself. */
const APP = `
import { writeSync } from 'node:fs';
export const handler = async (event) => {
  writeSync(1, 'runtime ' + process.pid + '\\n');
  for (;;);
};
`;

async function startLoop() {
  const { directory } = await createProject({ 'lpr.yaml': MANIFEST, 'app.mjs': APP });
  const program = await startListening([], { cwd: directory });
  const answer = fetch(`${program.url}/loop`).catch(() => 'broken');
  const [, pid = ''] = await program.waitFor(/runtime (\d+)/);
  expect(await isAlive(pid)).toBe(true);
  return { ...program, runtime: pid, answer };
}

test('processes of functions do not outlive an emulator that is killed', async () => {
  const { pid, runtime, answer } = await startLoop();
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => isAlive(runtime)).toBe(false);
  expect(await answer).toBe('broken');
});

test('processes of functions do not outlive the terminal of their emulator', async () => {
  const { signal, waitFor, ended, stderr, runtime, answer } = await startLoop();
  signal('SIGHUP');
  await waitFor(/^Stopping when/m);
  const again = setInterval(() => signal('SIGHUP'), 100);
  onTestFinished(() => clearInterval(again));
  expect([await ended, stderr()]).toEqual([1, expect.stringContaining('second SIGHUP')]);
  await expect.poll(() => isAlive(runtime)).toBe(false);
  expect(await answer).toBe('broken');
});
