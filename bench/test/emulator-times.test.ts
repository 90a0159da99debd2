import { expect, test } from 'vitest';
import { measureFloor, measureLatency } from '../src/emulator-latency.ts';
import { startLambdaLocal, startLprEmulator } from '../src/emulator-contestants.ts';
import { renderEmulatorPage } from '../src/emulator-page.ts';
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
  expect(await measureReloads(startLprEmulator, 2)).toHaveLength(2);
  expect(await measureFloor(5)).toHaveLength(5);
});

test('the page has medians beside the goals and says which were reached', () => {
  const page = renderEmulatorPage(
    [
      { name: 'lpr-emulator', starts: [400, 300, 900], reloads: [151], requests: [1, 0.5] },
      { name: 'other', starts: [1234.5] },
    ],
    {
      date: '2026-01-02',
      machine: { node: '24.0.0', cpu: 'Test CPU', cores: 2 },
      rounds: 3,
      requests: 2000,
      versions: { other: '1.2.3' },
      missing: ['`third` could not be installed: offline'],
    },
  );
  expect(page).toContain(
    '| start to first answer                 | 400          | ≤ 500 | reached | 1235  |',
  );
  expect(page).toContain(
    '| edit of an import to first new answer | 151          | ≤ 150 | missed  | –     |',
  );
  expect(page).toContain(
    '| a request                             | 0.75         | ≤ 1   | reached | –     |',
  );
  expect(page).toContain('The others are `other` 1.2.3.');
  expect(page).toContain('`third` could not be installed: offline');
});
