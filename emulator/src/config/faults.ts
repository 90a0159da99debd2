import { milliseconds } from 'lpr-router';
import { z } from 'zod';
import type { Faults } from '../functions/faults.ts';

const RATE = 'a rate from 0 to 1';
const rate = z.number({ error: RATE }).min(0, { error: RATE }).max(1, { error: RATE }).optional();

/** A function's key `Faults`. */
export const faultsSchema = z
  .strictObject({
    ColdStartMs: milliseconds(0).optional(),
    LatencyMs: milliseconds(0).optional(),
    ThrottleRate: rate.describe('Invocations refused with 429.'),
    CrashRate: rate.describe('Invocations whose environment exits.'),
    MissingRate: rate.describe('Records of answers that are left out.'),
    DuplicateRate: rate.describe('Records that come twice.'),
    UnknownRate: rate.describe('Records preceded by one for an id that nobody has.'),
    MalformedRate: rate.describe('Records that are none any more.'),
    CutRate: rate.describe('Streams that break off.'),
  })
  .optional()
  .describe('What goes wrong on purpose, the same for the same `Emulator.Seed`.');

/** The faults of a function, by the names that the code uses. */
export function readFaults(written: NonNullable<z.infer<typeof faultsSchema>>): Faults {
  const entries = Object.entries(written).map(([name, value]) => [
    name.charAt(0).toLowerCase() + name.slice(1),
    value,
  ]);
  return Object.fromEntries(entries) as Faults;
}
