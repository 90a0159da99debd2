import type { BatchEvent } from 'lpr-protocol';
import { answerBatch } from 'lpr-testkit';
import { expect, test, vi } from 'vitest';
import { codeOf, fullBatches } from '../contract/observe.ts';
import { WAIT } from '../contract/raw-client.ts';
import { gate } from '../support/router.ts';
import { startProgramRouter } from './program-router.ts';

const fine = (event: BatchEvent) => answerBatch(event, (item) => ({ body: item.rawQueryString }));

/** The program with one request in its window, which its function answers when the gate opens. */
async function startWithOneWaiting(settings: Record<string, unknown>) {
  const held = gate();
  const program = await startProgramRouter({
    // Nothing but a drain releases a batch of one before the test is over.
    paths: fullBatches(2),
    settings,
    async answer(event) {
      if (event.batch[0]!.rawQueryString === 'held') await held.opened;
      return fine(event);
    },
  });
  const { url } = program;
  const waiting = fetch(`${url}/a?held`);
  await vi.waitFor(async () => {
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('lpr_open_batches 1');
  }, WAIT);
  return { ...program, held, waiting };
}

const status = async (url: string) => (await fetch(url)).status;

test('SIGTERM: not ready, served without a window for DrainDelayMs, then 503, and exit code 0', async () => {
  const settings = { DrainDelayMs: 3000 };
  const { url, events, signal, logged, ended, held, waiting } = await startWithOneWaiting(settings);
  signal('SIGTERM');
  await logged('draining');
  await vi.waitFor(() => expect(events).toHaveLength(1), WAIT);
  expect(await status(`${url}/readyz`)).toBe(503);
  expect(await status(`${url}/healthz`)).toBe(200);
  const late = await fetch(`${url}/a?late`);
  expect([late.status, await late.text()]).toEqual([200, 'late']);
  await vi.waitFor(async () => {
    const refused = await fetch(`${url}/a?refused`);
    expect([refused.status, await codeOf(refused)]).toEqual([503, 'LPR_DRAINING']);
    expect(refused.headers.get('retry-after')).toBe('1');
  }, WAIT);
  held.open();
  expect(await (await waiting).text()).toBe('held');
  const { exitCode, out } = await ended;
  expect(exitCode).toBe(0);
  expect(out).toContain('"msg":"stopped"');
});

test('SIGINT: refuses at once, answers what is in flight, and exits with 0', async () => {
  const settings = { DrainDelayMs: 1_000_000 };
  const { url, events, signal, logged, ended, held, waiting } = await startWithOneWaiting(settings);
  signal('SIGINT');
  await logged('draining');
  await vi.waitFor(() => expect(events).toHaveLength(1), WAIT);
  expect(await status(`${url}/a?late`)).toBe(503);
  held.open();
  expect((await waiting).status).toBe(200);
  expect((await ended).exitCode).toBe(0);
});

test('what takes longer than DrainTimeoutMs is answered for, and the exit code is 0 all the same', async () => {
  const { signal, ended, waiting } = await startWithOneWaiting({ DrainTimeoutMs: 100 });
  signal('SIGINT');
  const answer = await waiting;
  expect([answer.status, await codeOf(answer)]).toEqual([503, 'LPR_DRAINING']);
  expect((await ended).exitCode).toBe(0);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  'a second signal (%s) within 500 ms is the same one; after that it ends the program with 1',
  async (second) => {
    const { url, signal, logged, ended, waiting } = await startWithOneWaiting({ DrainDelayMs: 0 });
    waiting.catch(() => {});
    signal('SIGTERM');
    signal(second);
    await logged('draining');
    expect(await status(`${url}/healthz`)).toBe(200);
    let exitCode: number | null | undefined;
    void ended.then((end) => (exitCode = end.exitCode));
    await vi.waitFor(
      () => {
        signal(second);
        expect(exitCode).toBeDefined();
      },
      { timeout: 20_000, interval: 50 },
    );
    const { out } = await ended;
    expect(exitCode).toBe(1);
    expect(out).toContain(`Stopped at once: second ${second}`);
    await expect(waiting).rejects.toThrow('fetch failed');
  },
);
