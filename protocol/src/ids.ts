import { describeValue } from './problem.ts';

declare const brand: unique symbol;

/** A correlation id that a router made: `r-` and a UUID. Only {@link parseRequestId} makes one. */
export type RequestId = string & { readonly [brand]: 'RequestId' };

const REQUEST_ID = /^r-[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/** Whether `value` is `r-` and a lower-case UUID (contract §1). */
export function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' && REQUEST_ID.test(value);
}

/**
 * Returns `value` as a {@link RequestId}.
 * Readers of answers do not need it: there an id is any non-empty string, looked up among the ids of the batch.
 * @throws TypeError when it is not `r-` and a lower-case UUID.
 */
export function parseRequestId(value: unknown): RequestId {
  if (!isRequestId(value)) {
    throw new TypeError(
      `Expected \`requestId\` to be "r-" and a lower-case UUID, got ${describeValue(value)}`,
    );
  }
  return value;
}
