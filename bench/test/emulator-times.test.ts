import { expect, test } from 'vitest';
import { measureFloor, measureLatency } from '../src/emulator-latency.ts';
import { startLambdaLocal, startLprEmulator } from '../src/emulator-program.ts';
import { measureReloads } from '../src/emulator-reload.ts';
import { measureStart } from '../src/emulator-start.ts';

test.for([
  ['lpr-emulator', startLprEmulator],
  ['lambda-local', startLambdaLocal],
] as const)('a start and requests of %s are measured until the right answer', async ([, start]) => {
  expect(await measureStart(start)).toBeGreaterThan(0);
  expect(await measureLatency(start, 5)).toHaveLength(5);
});

test('reloads and the floor are measured, too', async () => {
  expect(await measureReloads(2)).toHaveLength(2);
  expect(await measureFloor(5)).toHaveLength(5);
});
