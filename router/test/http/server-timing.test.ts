import { expect, test } from 'vitest';
import { serverTiming } from '../../src/http/server-timing.ts';

test('Server-Timing tells the wait with its reason and the function with the size of the batch', () => {
  expect(serverTiming({ waitMs: 12, functionMs: 34.567, batchSize: 4, reason: 'full' })).toBe(
    'lpr-wait;dur=12;desc="full", lpr-fn;dur=34.6;desc="batch of 4"',
  );
});

test('a clock that was set back gives no negative duration', () => {
  expect(serverTiming({ waitMs: -5, functionMs: -0.01, batchSize: 1, reason: 'window' })).toBe(
    'lpr-wait;dur=0;desc="window", lpr-fn;dur=0;desc="batch of 1"',
  );
});
