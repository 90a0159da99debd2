import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { isAlive } from '../support/program.ts';

const GUARD = fileURLToPath(new URL('../../src/functions/orphan-guard.ts', import.meta.url));

/** Three generations, none of which ends by itself; the ids of the last two are told. */
const FAMILY = `sh -c 'echo $$; sleep 60 & echo $!; wait' & echo $!; wait`;

/** A process that guards the family and does on its input what `then` says. */
async function startGuarding(options: object, then: string) {
  const script = `
    import { spawnGuarded } from ${JSON.stringify(GUARD)};
    const guarded = spawnGuarded('sh', ['-c', ${JSON.stringify(FAMILY)}], ${JSON.stringify(options)});
    process.stdin.once('data', () => { ${then} });`;
  const guarding = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const family: string[] = [];
  onTestFinished(() => void guarding.kill('SIGKILL'));
  for await (const line of createInterface(guarding.stdout)) {
    if (family.push(line) === 3) break;
  }
  return {
    act: () => guarding.stdin.write('now\n'),
    /** Which of the family run. */
    async alive() {
      const all = await Promise.all(family.map(isAlive));
      return family.filter((_pid, index) => all[index]);
    },
  };
}

test.each([
  ['of its group', { detached: true }],
  ['that it has started', {}],
])('nothing %s outlives whoever guards a process', async (_what, options) => {
  const stdio = ['ignore', 'inherit', 'inherit'];
  const guarding = await startGuarding(
    { stdio, ...options },
    `process.kill(process.pid, 'SIGKILL')`,
  );
  guarding.act();
  await expect.poll(guarding.alive).toEqual([]);
});

test.each([
  ['of its group', { detached: true }],
  ['that it has started', {}],
])('a process can be killed with all %s', async (_what, options) => {
  const stdio = ['ignore', 'inherit', 'inherit'];
  const guarding = await startGuarding({ stdio, ...options }, `guarded.kill()`);
  guarding.act();
  await expect.poll(guarding.alive).toEqual([]);
});
