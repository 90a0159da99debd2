import * as fc from 'fast-check';
import type { BatchEvent, HttpEvent } from 'lpr-protocol';
import { batchEvent } from '../factories/batch-event.ts';
import { httpEvent } from '../factories/http-event.ts';
import { requestId } from '../factories/ids.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** Ids as routers make them. */
export function requestIds(): fc.Arbitrary<string> {
  return fc.integer({ min: 0, max: 999_999_999_999 }).map((number) => requestId(number));
}

const names = fc
  .stringMatching(/^x-[a-z][a-z0-9-]{0,9}$/)
  .filter((name) => !name.startsWith('x-lpr-'));
const values = fc.stringMatching(/^[ -~]{0,20}$/).map((value) => value.trim());
const segments = fc
  .string({ unit: 'grapheme', maxLength: 8 })
  .map((text) => encodeURIComponent(text));
const bodies = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.uint8Array({ maxLength: 40 }),
  fc.json(),
);
const items = fc.record({
  method: fc.constantFrom(...METHODS),
  segment: segments,
  query: fc.option(fc.webQueryParameters(), { nil: undefined }),
  headers: fc.dictionary(names, values, { maxKeys: 4 }),
  cookie: fc.option(fc.stringMatching(/^[a-z]{1,5}=[a-z0-9]{0,5}(; [a-z]{1,5}=[a-z]{0,5})?$/), {
    nil: undefined,
  }),
  body: fc.option(bodies, { nil: undefined }),
  delayMs: fc.nat(5000),
});

/** Items as a router may send them: any method, path, query, headers, cookies, and bodies of text and of bytes. */
export function httpEvents(): fc.Arbitrary<HttpEvent> {
  return fc.tuple(items, requestIds()).map(([item, id]) => toEvent(item, id));
}

export interface BatchEventConstraints {
  /** Default 1. */
  readonly minSize?: number;
  /** Default 8. */
  readonly maxSize?: number;
}

/** Batches as a router may send them, of one route, with an id of its own for each item. */
export function batchEvents(constraints: BatchEventConstraints = {}): fc.Arbitrary<BatchEvent> {
  const { minSize = 1, maxSize = 8 } = constraints;
  const ids = fc.uniqueArray(requestIds(), { minLength: minSize, maxLength: maxSize });
  return ids.chain((list) =>
    fc.tuple(...list.map((id) => items.map((item) => toEvent(item, id)))).map((batch) => {
      const arrivals = batch.map(({ requestContext }) => requestContext.timeEpoch);
      return batchEvent(batch, { route: ROUTE, receivedAtMs: Math.max(...arrivals) });
    }),
  );
}

const ROUTE = '/hello/{name}';
const START_MS = Date.UTC(2026, 0, 1);

type Item = typeof items extends fc.Arbitrary<infer T> ? T : never;

function toEvent({ method, segment, query, headers, cookie, body, delayMs }: Item, id: string) {
  return httpEvent({
    id,
    method,
    route: ROUTE,
    path: `/hello/${segment}${query === undefined ? '' : `?${query}`}`,
    headers: { ...headers, ...(cookie === undefined ? {} : { cookie }) },
    arrivalMs: START_MS + delayMs,
    ...(body === undefined ? {} : { body }),
  });
}
