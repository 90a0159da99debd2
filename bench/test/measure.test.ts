import { describe, expect, it } from 'vitest';
import { measure } from '../src/measure.ts';
import type { Measurement } from '../src/measurements.ts';

const OPTIONS = {
  quick: true,
  only: undefined,
  cpuProfiles: undefined,
  rounds: 1,
  warmUpMs: 50,
  measureMs: 100,
  connections: 8,
  rate: 500,
};

const MEASUREMENTS: readonly Measurement[] = [
  { type: 'floor' },
  { type: 'router', invoker: 'signed', mode: 'buffered', batchSize: 4 },
  { type: 'router', invoker: 'sdk', mode: 'stream', batchSize: 4 },
  { type: 'invoker', invoker: 'signed', mode: 'stream' },
];

describe('measurement', () => {
  it.each(MEASUREMENTS)(
    'of $type $invoker gives right answers and figures',
    async (measurement) => {
      const result = await measure(measurement, 1, OPTIONS);
      expect(result.flatOut.cpuMicrosPerRequest).toBeGreaterThan(0);
      expect(result.flatOut.requestsPerSecond).toBeGreaterThan(0);
      expect(result.rssMegabytes).toBeGreaterThan(10);
      const batched = measurement.type === 'router';
      expect(result.batchSize > 1).toBe(batched);
    },
  );
});
