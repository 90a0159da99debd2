import { describe, expect, it } from 'vitest';
import type { Clock } from 'lpr-router';
import { VirtualClock } from 'lpr-testkit';
import { arrivalsOf } from '../src/loadtest/arrivals.ts';
import { runOpenLoop } from '../src/loadtest/open-loop.ts';
import type { Answer, Outcome } from '../src/loadtest/open-loop.ts';
import { Recorder } from '../src/loadtest/recorder.ts';

/** Answers at once, but whoever comes in the stall waits for its end. */
function stallingServer(clock: Clock, { fromMs, untilMs }: { fromMs: number; untilMs: number }) {
  const startMs = clock.now();
  return () =>
    new Promise<Answer>((resolve) => {
      const atMs = clock.now() - startMs;
      const waitMs = atMs >= fromMs && atMs < untilMs ? untilMs - atMs : 0;
      clock.setTimer(waitMs, () => {
        const endAtMs = clock.now();
        resolve({ status: 200, batchSize: undefined, headAtMs: endAtMs, endAtMs });
      });
    });
}

/** Moves the time on in steps, so that what a settled promise sets in motion comes at its time. */
async function advance(clock: VirtualClock, ms: number): Promise<void> {
  for (let step = 0; step < ms; step += 1) {
    clock.advance(1);
    await Promise.resolve();
  }
  await new Promise((resolve) => setImmediate(resolve));
}

const even = (rate: number, seconds: number) => arrivalsOf({ rate, seconds }, 'even', () => 0);

describe('open loop', () => {
  it('sends on through a stall and counts every wait in full', async () => {
    const clock = new VirtualClock();
    const recorder = new Recorder();
    const done = runOpenLoop({
      arrivals: even(100, 5),
      send: stallingServer(clock, { fromMs: 1000, untilMs: 2000 }),
      onOutcome: recorder.record,
      clock,
      maxInFlight: 1000,
    });
    await advance(clock, 5000);
    await done;

    // 100 of 500 arrive in the stall and wait 1000, 990, … 10 ms: a fifth of all requests. A generator
    // that waits for answers would send one of them, or as many as it has connections.
    const { ok, latency } = recorder.tally;
    expect(ok).toBe(500);
    expect(latency!.p50).toBeLessThan(1);
    expect(latency!.p90).toBeCloseTo(500, -1.5);
    expect(latency!.p99).toBeCloseTo(950, -1.5);
    expect(latency!.max).toBeCloseTo(1000, 0);
  });

  it('counts from when a request was due, although it was busy then', async () => {
    const clock = new VirtualClock();
    const outcomes: Outcome[] = [];
    const busy: Clock = {
      now: () => clock.now(),
      // Every timer comes 30 ms late.
      setTimer: (delayMs, callback) => clock.setTimer(delayMs + 30, callback),
    };
    const done = runOpenLoop({
      arrivals: even(100, 0.04),
      send: stallingServer(clock, { fromMs: 0, untilMs: 0 }),
      onOutcome: (outcome) => outcomes.push(outcome),
      clock: busy,
      maxInFlight: 10,
    });
    const startMs = clock.now();
    await advance(clock, 200);
    await done;

    const times = outcomes.map((outcome) => ({
      due: outcome.intendedAtMs - startMs,
      sent: 'sentAtMs' in outcome && outcome.sentAtMs - startMs,
    }));
    expect(times).toEqual([
      { due: 0, sent: 0 },
      { due: 10, sent: 40 },
      { due: 20, sent: 40 },
      { due: 30, sent: 40 },
    ]);
  });

  it('does not send what is beyond the bound, and says so', async () => {
    const clock = new VirtualClock();
    const outcomes: Outcome[] = [];
    const done = runOpenLoop({
      arrivals: even(10, 1),
      send: stallingServer(clock, { fromMs: 0, untilMs: 1000 }),
      onOutcome: (outcome) => outcomes.push(outcome),
      clock,
      maxInFlight: 4,
    });
    await advance(clock, 1000);
    await done;
    const types = outcomes.map(({ type }) => type);
    expect(types.toSorted()).toEqual([
      ...Array.from({ length: 4 }, () => 'answered'),
      ...Array.from({ length: 6 }, () => 'not-sent'),
    ]);
  });

  it('counts what is never answered by its code, and goes on', async () => {
    const clock = new VirtualClock();
    const recorder = new Recorder();
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const done = runOpenLoop({
      arrivals: even(10, 0.5),
      send: () => Promise.reject(refused),
      onOutcome: recorder.record,
      clock,
      maxInFlight: 10,
    });
    await advance(clock, 500);
    await done;
    expect(recorder.tally).toMatchObject({ failed: 5, problems: { ECONNREFUSED: 5 } });
    expect(recorder.tally.latency).toBeUndefined();
  });

  it('sends nothing after it was stopped, and still waits for answers', async () => {
    const clock = new VirtualClock();
    const outcomes: Outcome[] = [];
    const stop = new AbortController();
    const done = runOpenLoop({
      arrivals: even(10, 10),
      send: stallingServer(clock, { fromMs: 0, untilMs: 1000 }),
      onOutcome: (outcome) => outcomes.push(outcome),
      clock,
      maxInFlight: 100,
      signal: stop.signal,
    });
    let over = false;
    void done.then(() => (over = true));
    await advance(clock, 450);
    stop.abort();
    await advance(clock, 0);
    expect([outcomes, over]).toEqual([[], false]);
    // The answers to come; no next arrival.
    expect(clock.pendingTimers).toBe(5);
    await advance(clock, 550);
    await done;
    expect(outcomes).toHaveLength(5);
    expect(clock.pendingTimers).toBe(0);
  });
});
