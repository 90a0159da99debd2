import { expect, test } from 'vitest';
import { measureLatency } from '../src/emulator-latency.ts';
import { measureReloads } from '../src/emulator-reload.ts';
import { measureStart } from '../src/emulator-start.ts';

test('each measurement sees the answers it waits for', async () => {
  expect(await measureStart()).toBeGreaterThan(0);
  expect(await measureReloads(2)).toHaveLength(2);
  const { emulator, floor } = await measureLatency(5);
  expect([emulator.length, floor.length]).toEqual([5, 5]);
});
