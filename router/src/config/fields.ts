import { isHeaderName } from 'lpr-protocol';
import { z } from 'zod';
import { nearest, nearMiss } from './nearest.ts';
import { wordChoice } from './wording.ts';

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

/** Which keys beside its own a section lets pass. */
export interface SectionOptions {
  /** Keys of others, to be ignored. */
  readonly ignored?: readonly string[];
  /** Lets `x-…` keys pass, except `ours` in a place or spelling that would have no effect. */
  readonly vendorKeys?: { readonly ours: readonly string[]; readonly belongIn: string };
}

/** A mapping with these keys; every other one is a problem that names what was probably meant. */
export function section<S extends z.core.$ZodLooseShape>(shape: S, options: SectionOptions = {}) {
  const own = Object.keys(shape);
  const { ignored = [], vendorKeys } = options;
  const known = new Set([...own, ...ignored]);
  return z.looseObject(shape).superRefine(
    (value, context) => {
      for (const key of Object.keys(value)) {
        if (known.has(key)) continue;
        if (vendorKeys !== undefined && /^x-/i.test(key)) {
          const meant = nearMiss(key, vendorKeys.ours);
          if (meant === undefined) continue;
          const message = own.includes(meant)
            ? 'a known key'
            : `\`${meant}\` in ${vendorKeys.belongIn}`;
          unknownKey(context, key, message, meant === key ? undefined : meant);
          continue;
        }
        const meant = nearest(key, known);
        const message = meant === undefined ? `one of ${wordChoice(own)}` : 'a known key';
        unknownKey(context, key, message, meant);
      }
    },
    // Also beside problems in the known keys, as long as there are keys at all.
    { when: ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value) },
  );
}

function unknownKey(
  context: z.core.$RefinementCtx,
  key: string,
  message: string,
  suggestion: string | undefined,
): void {
  context.addIssue({ code: 'custom', path: [key], message, params: { part: 'key', suggestion } });
}
