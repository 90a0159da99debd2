import { isHeaderName } from 'lpr-protocol';
import { z } from 'zod';
import { nearMiss } from './nearest.ts';

/** Timers of Node fire at once when asked to wait longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** An integer, or the same as text: CloudFormation turns numbers into strings. */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER) {
  const error = `an integer >= ${min}`;
  return z.preprocess(
    numberFromText,
    z.int({ error }).min(min, error).max(max, `an integer <= ${max}`),
  );
}

/** A duration in ms that a timer can wait for. */
export function milliseconds(min: number) {
  return integer(min, LONGEST_TIMER_MS);
}

/** A number above 0, not necessarily whole, or the same as text. */
export function positive() {
  const error = 'a number > 0';
  return z.preprocess(
    (value) =>
      typeof value === 'string' && /^-?(?:\d+\.?\d*|\.\d+)$/.test(value) ? Number(value) : value,
    z.number({ error }).positive(error),
  );
}

function numberFromText(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
}

/** A list of header names, in lower case. */
export function headerNames() {
  const error = 'a header name';
  return z.array(
    z
      .string({ error })
      // As a token `*` is legal, but no request has a header of that name: it was meant as a pattern.
      .refine((name) => isHeaderName(name) && !name.includes('*'), { error })
      .toLowerCase(),
  );
}

/** A text that `parse` takes; `suggest` may say what to write instead. */
export function parsed(
  error: string,
  parse: (text: string) => unknown,
  suggest?: (text: string) => string | undefined,
) {
  return z.string({ error }).superRefine((text, context) => {
    if (parse(text) !== undefined) return;
    context.addIssue({ code: 'custom', message: error, params: { suggestion: suggest?.(text) } });
  });
}

/** Marks keys that are known and mean nothing here. */
export const IGNORED: z.ZodType = z.unknown().optional().describe('Ignored.');

/** A mapping with these keys, all others being mistakes, and `ignored` ones that may stand beside them. */
export function section<S extends z.core.$ZodLooseShape>(
  shape: S,
  ignored: readonly string[] = [],
) {
  // A cast, because what is ignored is of no interest to those who use the result.
  const others = Object.fromEntries(ignored.map((key) => [key, IGNORED])) as Record<never, never>;
  return z.strictObject({ ...others, ...shape });
}

/** Drops the `x-…` keys of other vendors; what is probably meant to be one of `ours` stays. */
export function withoutVendorKeys(ours: readonly string[]): (value: unknown) => unknown {
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const kept = Object.entries(value).filter(
      ([key]) => !/^x-/i.test(key) || nearMiss(key, ours) !== undefined,
    );
    return Object.fromEntries(kept);
  };
}
