import { AsyncLocalStorage } from 'node:async_hooks';
import { describeValue } from 'lpr-protocol';

/** One of the invocations that take turns. */
interface Lane {
  /** Its steps that wait for their turn: several, where items of one batch step side by side. */
  waiting: (() => void)[];
  over: boolean;
}

interface Turns {
  readonly lane: Lane;
  /** Hands the turn on, if the lane has it. */
  pass(): void;
}

const turns = new AsyncLocalStorage<Turns>();

/**
 * Runs invocations in turns: the first until its first `step()`, then the next until its first, and so on round and
 * round, so that their steps interleave the same way every time. One that never steps runs to its end in its turn.
 * Resolves to their results; rejects, when all are over, as the first that failed.
 */
export async function sequence<T>(invocations: readonly (() => Promise<T>)[]): Promise<T[]> {
  for (const invocation of invocations) {
    if (typeof invocation !== 'function') {
      throw new TypeError(
        `Expected functions that begin an invocation, as \`() => invokeBatch(…)\`, got ${describeValue(invocation)}`,
      );
    }
  }
  const lanes = invocations.map((): Lane => ({ waiting: [], over: false }));
  let current = lanes.length - 1;
  const pass = () => {
    for (let tries = 0; tries < lanes.length; tries += 1) {
      current = (current + 1) % lanes.length;
      const lane = lanes[current]!;
      if (lane.over) continue;
      for (const proceed of lane.waiting.splice(0)) proceed();
      return;
    }
  };
  const running = invocations.map(async (invocation, index) => {
    const lane = lanes[index]!;
    const passOn = () => {
      if (current === index) pass();
    };
    await new Promise<void>((resolve) => lane.waiting.push(resolve));
    try {
      return await turns.run({ lane, pass: passOn }, invocation);
    } finally {
      lane.over = true;
      passOn();
    }
  });
  pass();
  const results = await Promise.allSettled(running);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

/** Lets the other invocations of the `sequence` this code runs in take their turn; outside of one, resolves at once. */
export async function step(): Promise<void> {
  const own = turns.getStore();
  if (!own) return;
  await new Promise<void>((resolve) => {
    own.lane.waiting.push(resolve);
    own.pass();
  });
}
