import { z } from 'zod';
import { DEFAULT_EVENT_RETRIES } from '../functions/function-definition.ts';
import type { EventRetries } from '../functions/function-definition.ts';
import { whole } from './whole-number.ts';

const { maxAgeMs, maxRetries, retryMs } = DEFAULT_EVENT_RETRIES;

/** A function's key `EventInvokeConfig`, as SAM has it; `RetrySeconds` is Lambda's business there. */
export const eventInvokeSchema = z
  .strictObject({
    MaximumEventAgeInSeconds: whole(60, 21_600)
      .default(maxAgeMs / 1000)
      .describe('Events that are older are dropped.'),
    MaximumRetryAttempts: whole(0, 2)
      .default(maxRetries)
      .describe('Retries of an event that the function failed on.'),
    RetrySeconds: whole(0, 3600)
      .default(retryMs / 1000)
      .describe('Before the first retry; the second waits twice as long.'),
  })
  .optional()
  .describe('What becomes of `Event` invocations that fail or are throttled.');

/** The same by the names that the code uses. */
export function readEventRetries(
  written: NonNullable<z.infer<typeof eventInvokeSchema>>,
): EventRetries {
  return {
    maxAgeMs: written.MaximumEventAgeInSeconds * 1000,
    maxRetries: written.MaximumRetryAttempts,
    retryMs: written.RetrySeconds * 1000,
  };
}
