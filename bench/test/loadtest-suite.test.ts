import { describe, expect, it } from 'vitest';
import { VirtualClock } from 'lpr-testkit';
import type { HttpRequest } from '../src/loadtest/http-sender.ts';
import { runSuite } from '../src/loadtest/suite.ts';
import type { Billing, SuiteOptions } from '../src/loadtest/suite.ts';
import { route } from './loadtest-results.ts';

/** Runs a suite on a virtual clock against a server that answers 1 ms later. */
function start(more: Partial<SuiteOptions> = {}, stopAfter = Infinity) {
  const clock = new VirtualClock();
  const startMs = clock.now();
  const seen: { path: string; atMs: number }[] = [];
  const lines: string[] = [];
  const stop = new AbortController();
  const send = ({ url }: HttpRequest) => {
    seen.push({ path: url.pathname, atMs: Math.round(clock.now() - startMs) });
    if (seen.length === stopAfter) stop.abort();
    return new Promise<never>((resolve) => {
      clock.setTimer(1, () => {
        const endAtMs = clock.now();
        resolve({ status: 200, batchSize: undefined, headAtMs: endAtMs, endAtMs } as never);
      });
    });
  };
  const results = runSuite({
    routes: [route('a'), route('b')],
    stages: [
      { rate: 10, seconds: 1 },
      { rate: 20, seconds: 1 },
    ],
    warmUpSeconds: 0.5,
    spacing: 'even',
    seed: 1,
    request: { headers: {}, body: undefined, parameters: {}, distinct: 10 },
    maxInFlight: 10,
    sender: { send },
    clock,
    signal: stop.signal,
    onProgress: (line) => lines.push(line),
    ...more,
  });
  const finish = async () => {
    let over = false;
    const done = results.finally(() => (over = true));
    while (!over) {
      if (clock.nextDueMs !== undefined) clock.advance(clock.nextDueMs - clock.now());
      await new Promise((resolve) => setImmediate(resolve));
    }
    return done;
  };
  return { finish, seen, lines, clock };
}

describe('suite', () => {
  it('warms up, then takes each route through all stages, one after the other', async () => {
    const { finish, seen } = start();
    const results = await finish();
    expect(
      results.map(({ route, stage, rate, tally }) => [route.name, stage, rate, tally.ok]),
    ).toEqual([
      ['a', 1, 10, 10],
      ['a', 2, 20, 20],
      ['b', 1, 10, 10],
      ['b', 2, 20, 20],
    ]);
    // 5 of each warm-up are sent, too, and none of them is recorded.
    expect(seen.map(({ path }) => path)).toEqual([
      ...Array.from({ length: 35 }, () => '/a'),
      ...Array.from({ length: 35 }, () => '/b'),
    ]);
  });

  it('lets every route meet the same arrivals, and each stage others', async () => {
    const stages = [
      { rate: 50, seconds: 1 },
      { rate: 50, seconds: 1 },
    ];
    const { finish } = start({ spacing: 'poisson', stages, warmUpSeconds: 0 });
    const [a1, a2, b1, b2] = (await finish()).map(({ tally }) => tally.arrivals);
    expect([b1, b2]).toEqual([a1, a2]);
    expect(a1).not.toBe(a2);
  });

  it('takes from running totals what each stage adds, without the warm-up', async () => {
    let invocations = 0;
    const billing = async () =>
      new Map<string, Billing>([['a', { invocations, billedMs: invocations * 7 }]]);
    const { finish, clock } = start({ billing, routes: [route('a'), route('unknown')] });
    const count = () => {
      invocations += 1;
      clock.setTimer(100, count);
    };
    count();
    const [first, second, other] = await finish();
    for (const { billing } of [first!, second!]) {
      expect(billing!.invocations).toBeGreaterThanOrEqual(9);
      expect(billing!.invocations).toBeLessThanOrEqual(11);
      expect(billing!.billedMs).toBe(billing!.invocations * 7);
    }
    expect(other!.billing).toEqual({ invocations: 0, billedMs: 0 });
  });

  it('ends where it was stopped, and tells how long the stage was', async () => {
    const { finish, seen } = start({ warmUpSeconds: 0 }, 16);
    const results = await finish();
    expect(seen).toHaveLength(16);
    expect(results.map(({ stage, tally }) => [stage, tally.ok])).toEqual([
      [1, 10],
      [2, 6],
    ]);
    expect(results[1]!.seconds).toBeCloseTo(0.25, 2);
  });

  it('has no result for a stop before anything was sent', async () => {
    const { finish } = start({ signal: AbortSignal.abort() });
    expect(await finish()).toEqual([]);
  });

  it('tells how far it is every five seconds, and what each stage came to', async () => {
    const { finish, lines } = start({
      routes: [route('a')],
      stages: [{ rate: 2, seconds: 12 }],
    });
    await finish();
    expect(lines).toEqual([
      'a: warming up for 0.5 s',
      'a, stage 1 (2/s): 5 s of 12, 10 sent, 10 answered',
      'a, stage 1 (2/s): 10 s of 12, 20 sent, 20 answered',
      'a, stage 1 (2/s): 24 good answers, 0 others, p50 1.0 ms, p99 1.0 ms',
    ]);
  });
});
