import { runThousandTests } from '../../testkit/test/test-router/thousand/run.ts';

/**
 * How long a thousand tests take that make a router on a virtual clock, four requests each. Run it with
 * `node bench/src/test-router.ts`; it exits with 1 when the median is above the goal.
 */
const ROUNDS = 3;
const GOAL_MS = 5000;

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

const print = (line: string) => process.stdout.write(`${line}\n`);

const times: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const { success, passed, testsMs, wallMs } = await runThousandTests();
  if (!success) throw new Error(`Expected all tests to pass, ${passed} did`);
  times.push(testsMs);
  print(`${passed} tests in ${seconds(testsMs)}; with vitest's start ${seconds(wallMs)}`);
}
const median = times.toSorted((one, other) => one - other)[Math.floor(ROUNDS / 2)]!;
print(`median ${seconds(median)}, goal ${seconds(GOAL_MS)}`);
if (median > GOAL_MS) process.exitCode = 1;
