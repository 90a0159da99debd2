import { describe, expect, it } from 'vitest';
import { MEASUREMENTS, nameOf } from '../src/measurements.ts';
import type { Result } from '../src/measurements.ts';
import { memorySection } from '../src/memory-section.ts';
import { renderPage } from '../src/page.ts';
import { median } from '../src/statistics.ts';
import { summarize } from '../src/summary.ts';

const MACHINE = { node: '24.0.0', cpu: 'Test CPU', cores: 2 };
const OPTIONS = { date: '2026-01-02', machine: MACHINE, rounds: 3, connections: 256, rate: 5000 };

function result(name: string, round: number, cpuMicrosPerRequest: number): Result {
  const flatOut = { cpuMicrosPerRequest, requestsPerSecond: 1e6 / cpuMicrosPerRequest };
  const sameRate = { cpuMicrosPerRequest: cpuMicrosPerRequest * 2, requestsPerSecond: 5000 };
  return { name, round, flatOut, sameRate, batchSize: 16, rssMegabytes: 100 };
}

describe('benchmark page', () => {
  it('compares each measurement with the floor of its own round', () => {
    const results = [
      ...[10, 20, 40].map((cpu, index) => result('floor', index + 1, cpu)),
      ...[30, 40, 40].map((cpu, index) => result('router', index + 1, cpu)),
    ];
    const summary = summarize(results).get('router');
    expect(summary?.flatOut).toEqual({
      cpuMicrosPerRequest: 40,
      requestsPerSecond: 25_000,
      timesFloor: 2,
    });
    expect(summary?.sameRate).toMatchObject({ cpuMicrosPerRequest: 80, timesFloor: 2 });
  });

  it('shows every measurement and says which goals were reached', () => {
    const results = MEASUREMENTS.flatMap((measurement) => {
      const cpu = { floor: 10, router: 18, invoker: 100 }[measurement.type];
      const sdk = 'invoker' in measurement && measurement.invoker === 'sdk';
      return result(nameOf(measurement), 1, sdk ? cpu * 5 : cpu);
    });
    const page = renderPage(summarize(results), OPTIONS);
    expect(page).toContain(
      '| buffered, batch 16                 | ≤ 1.9 × floor | 1.80      | 1.80     | reached |',
    );
    expect(page).toContain(
      '| buffered, batch 64                 | ≤ 1.7 × floor | 1.80      | 1.80     | missed  |',
    );
    expect(page).toContain(
      '| signed of sdk, stream invocation   | ≤ 25 %        | –         | 20 %     | reached |',
    );
    expect(page).toContain('on 2026-01-02: Node.js 24.0.0, 2 cores,\nTest CPU.');
  });

  it('says of memory what was measured, and what was not', () => {
    const occasion = { date: '2026-01-03', machine: MACHINE };
    const megabytes = [50, 90, 99, 100, 101, 112, 111, 112, 500];
    const load = { ...occasion, seconds: 300, requests: 7_000_000, megabytes };
    const section = memorySection(load, undefined);
    expect(section).toMatch(
      /5 minutes at full load, 7,000,000 requests .* 101 MB, then 112 MB \(\+10\.9 %\) .* missed/,
    );
    expect(section).toContain('| live keys ');
    expect(section).toContain('not measured');
    const keys = { ...occasion, keys: 10_000, megabytes: 6.1, timers: 1, timersOfOneKey: 1 };
    expect(memorySection(undefined, keys)).toMatch(/6\.1 MB, 1 timers .* reached/);
    expect(memorySection(undefined, { ...keys, timers: 10_000 })).toMatch(/10,000 live.* missed/);
  });

  it('refuses to be made of a run that left something out', () => {
    const summaries = summarize([result('floor', 1, 10)]);
    expect(() => renderPage(summaries, OPTIONS)).toThrow('Expected a result of `router');
  });

  it('takes the middle of the values', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(() => median([])).toThrow('Expected at least one value, got none');
  });
});
