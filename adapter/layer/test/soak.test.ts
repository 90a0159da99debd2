import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { STREAM, batchOf, due, setUp } from './support/proxy.ts';
import { idOf } from './support/runtime.ts';
import type { RuntimeWorker } from './support/runtime.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const BATCHES = 1000;
const BATCH_SIZE = 10;
const WORKERS = 6;
const MEGABYTE = 1_048_576;

/** A generator of the same numbers in [0, 1) every time (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Works until its connection ends, badly now and then; returns when it has died. */
async function work(worker: RuntimeWorker, random: () => number): Promise<void> {
  for (;;) {
    const id = idOf(await worker.next());
    const luck = random();
    if (luck < 0.02) worker[Symbol.dispose]();
    else if (luck < 0.05) await worker.error(id);
    else if (luck < 0.07) await worker.respond(id, 'no JSON');
    else if (luck < 0.09) {
      await worker.respond(id, '"first"');
      await worker.respond(id, '"second"');
    } else {
      if (luck < 0.3) await setImmediate();
      await worker.respond(id, JSON.stringify({ statusCode: 200, body: id }));
    }
  }
}

// Much of its time are the deadlines of items whose worker died.
it(
  'answers each of 10,000 items exactly once while everything fails now and then, in flat memory',
  { timeout: 120_000 },
  async () => {
    await using setup = await setUp(4);
    const { api } = setup;
    const random = randomNumbers(20_261_123);
    let running = true;
    const workers = Array.from({ length: WORKERS }, async () => {
      while (running) {
        // A dead worker is replaced, which Node.js does not do but a new environment does.
        const worker = setup.worker();
        await work(worker, random).catch(() => undefined);
      }
    });
    let answers = 0;
    let wrong = 0;
    const heaps: number[] = [];
    for (let number = 0; number < BATCHES; number += 1) {
      const ids = Array.from({ length: BATCH_SIZE }, (_, index) => `r-${number}-${index}`);
      // A worker that dies with its first item is not known to keep its connection: the deadline answers.
      const items = ids.map((id) => due(id, 1000));
      api.offer({
        id: `o-${number}`,
        headers: number % 2 === 0 ? STREAM : {},
        body: batchOf(...items),
      });
      const { body } = await api.received(`o-${number}/response`);
      const found = [...body.toString().matchAll(/"id":"(r-\d+-\d+)"/g)].map(([, id]) => id!);
      answers += found.length;
      if (found.toSorted().join() !== ids.toSorted().join()) wrong += 1;
      api.forget();
      if (number % 100 === 99) {
        collectGarbage();
        heaps.push(process.memoryUsage().heapUsed / MEGABYTE);
      }
    }
    running = false;
    expect({ answers, wrong }).toEqual({ answers: BATCHES * BATCH_SIZE, wrong: 0 });
    expect(heaps.at(-1)! - heaps[2]!).toBeLessThan(5);
    await setup[Symbol.asyncDispose]();
    await Promise.all(workers);
  },
);
