import { AdapterError } from './errors.ts';

/** The error of a record that its item's answer does not allow any more. */
export function outOfOrder(type: string, violation: string): AdapterError {
  return new AdapterError(
    'LPR_ILLEGAL_ORDER',
    `the only answer of an item, or a head, chunks and an end in this order, got \`${type}\`: ${violation}`,
  );
}
