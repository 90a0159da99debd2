import { AdapterError } from './errors.ts';

/** The error of a handler that is wrapped inside out; `wanted` is the right order. */
export function wrongOrder(wanted: string): AdapterError {
  return new AdapterError(
    'LPR_WRONG_ORDER',
    'handler',
    wanted,
    'a batch where one request belongs',
  );
}
