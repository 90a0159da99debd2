import { z } from 'zod';

/** A whole number in the manifest, also as text: SAM and CloudFormation turn numbers into it, and the router takes both, too. */
export function whole(min: number, max: number) {
  const error = `an integer from ${min} to ${max}`;
  const parse = (value: unknown): unknown =>
    typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return z.preprocess(parse, z.int({ error }).min(min, { error }).max(max, { error }));
}
