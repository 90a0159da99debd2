import { expect, onTestFinished, test } from 'vitest';
import { EnvironmentPool } from '../../src/functions/environment-pool.ts';
import type {
  EnvironmentPoolOptions,
  PooledEnvironment,
} from '../../src/functions/environment-pool.ts';
import { invokePooled } from '../../src/functions/invoke-pooled.ts';
import { channels } from '../../src/functions/channels.ts';
import { FunctionFailure, exited } from '../../src/runtime/errors.ts';
import { defineFunction, payloadOf } from '../support/functions.ts';

/** An environment that answers with its number, unless it is one of the `dead`. */
class Numbered implements PooledEnvironment {
  readonly ready = Promise.resolve();
  readonly number: number;
  readonly #ended = Promise.withResolvers<void>();
  readonly ended = this.#ended.promise;
  readonly #dead: boolean;
  alive = true;

  constructor(number: number, dead: boolean) {
    this.number = number;
    this.#dead = dead;
  }

  start({ requestId }: { readonly requestId: string }) {
    if (!this.#dead) {
      const bytes = payloadOf(this.number);
      return {
        answer: Promise.resolve({ type: 'buffered' as const, bytes }),
        finished: Promise.resolve(),
        lost: Promise.resolve(false),
      };
    }
    this.alive = false;
    const failed = Promise.reject(new FunctionFailure(exited(requestId, 1)));
    failed.catch(() => undefined);
    return { answer: failed, finished: failed, lost: Promise.resolve(true) };
  }

  async kill(): Promise<void> {
    this.alive = false;
    this.#ended.resolve();
  }
}

function createPool(
  options: Partial<EnvironmentPoolOptions<Numbered>> & { readonly dead?: readonly number[] } = {},
) {
  const { dead = [], ...rest } = options;
  const created: Numbered[] = [];
  const pool = new EnvironmentPool<Numbered>({
    functionName: 'hello',
    create: async () => {
      const number = created.length + 1;
      const environment = new Numbered(number, dead.includes(number));
      created.push(environment);
      return environment;
    },
    ...rest,
  });
  onTestFinished(() => pool.close());
  return { pool, created };
}

const definition = defineFunction('/', 'app.handler');
const invocation = { payload: payloadOf({}), mode: 'buffered' } as const;

test('the environment used last is used first', async () => {
  const { pool } = createPool();
  const [first, second] = [await pool.take('a'), await pool.take('b')];
  pool.giveBack(second);
  pool.giveBack(first);
  expect((await pool.take('c')).environment.number).toBe(1);
});

test('whoever comes when the limit is reached waits for an environment', async () => {
  const { pool, created } = createPool({ limit: 1 });
  const first = await pool.take('a');
  const waiting = pool.take('b');
  pool.giveBack(first);
  expect((await waiting).environment).toBe(first.environment);
  expect(created).toHaveLength(1);
});

test('an environment that has died while it waited is not handed out', async () => {
  const { pool, created } = createPool();
  pool.giveBack(await pool.take('a'));
  created[0]!.alive = false;
  expect((await pool.take('b')).environment.number).toBe(2);
  expect(pool.size).toBe(1);
});

test('an environment that is idle for long ends', async () => {
  const { pool, created } = createPool({ idleMs: 1 });
  pool.giveBack(await pool.take('a'));
  await expect.poll(() => pool.size).toBe(0);
  expect(created[0]?.alive).toBe(false);
});

test('nothing is initialised once the pool is closed', async () => {
  const { pool, created } = createPool();
  await pool.close();
  await expect(pool.take('a')).rejects.toThrow('the emulator has stopped');
  expect([pool.size, created[0]?.alive]).toEqual([0, false]);
});

test('an invocation that an environment lost goes to another one, and starts and ends once', async () => {
  const messages: string[] = [];
  const onStarted = (): void => void messages.push('started');
  const onEnded = (): void => void messages.push('ended');
  channels.invocationStarted.subscribe(onStarted);
  channels.invocationEnded.subscribe(onEnded);
  onTestFinished(() => {
    channels.invocationStarted.unsubscribe(onStarted);
    channels.invocationEnded.unsubscribe(onEnded);
  });
  const { pool } = createPool({ dead: [1, 2] });
  const outcome = await invokePooled(pool, definition, invocation);
  expect(outcome).toMatchObject({ type: 'buffered', bytes: payloadOf(3) });
  expect(messages).toEqual(['started', 'ended']);
  expect(pool.size).toBe(1);
});

test('an invocation that three environments lost has failed', async () => {
  const { pool, created } = createPool({ dead: [1, 2, 3] });
  expect(await invokePooled(pool, definition, invocation)).toMatchObject({
    type: 'error',
    error: { errorType: 'Runtime.ExitError' },
  });
  expect(created).toHaveLength(3);
});
