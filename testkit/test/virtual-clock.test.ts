import { describe, expect, it } from 'vitest';
import { VirtualClock } from 'lpr-testkit';

describe('virtual clock', () => {
  it('runs timers in the order of their time, those included that they set', () => {
    const clock = new VirtualClock(1000);
    const seen: [string, number][] = [];
    clock.setTimer(20, () => seen.push(['late', clock.now()]));
    clock.setTimer(10, () => {
      seen.push(['early', clock.now()]);
      clock.setTimer(5, () => seen.push(['set by early', clock.now()]));
    });
    clock.advance(20);
    expect(seen).toEqual([
      ['early', 1010],
      ['set by early', 1015],
      ['late', 1020],
    ]);
    expect(clock.now()).toBe(1020);
  });

  it('stands still, and forgets cancelled timers', () => {
    const clock = new VirtualClock();
    let ran = false;
    const timer = clock.setTimer(1, () => (ran = true));
    expect(clock.pendingTimers).toBe(1);
    timer.cancel();
    clock.advance(10);
    expect([ran, clock.pendingTimers]).toEqual([false, 0]);
  });

  it('refuses to go back', () => {
    const clock = new VirtualClock();
    expect(() => clock.advance(-1)).toThrow('Expected `ms` to be a number >= 0, got `-1` (number)');
  });
});
