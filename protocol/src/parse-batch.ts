import type { BatchEvent } from './batch.ts';
import { itemId } from './http-event.ts';
import { checkItem } from './parse-http-event.ts';
import { describeValue, isObject } from './problem.ts';
import type { Parsed, Problem } from './problem.ts';
import { PROTOCOL_VERSION, ROUTER_NAME } from './version.ts';

/**
 * Checks an invocation event against everything that contract §1 asks of a router, and names every problem.
 * It is for tests, test kits and conformance suites: an adapter relies on far less (`isBatchEvent`, `itemId`).
 * Fields that the contract does not know are accepted, except those it says are not sent. Never throws.
 */
export function parseBatch(value: unknown): Parsed<BatchEvent> {
  if (!isObject(value)) {
    const got = describeValue(value);
    return { ok: false, problems: [{ path: '', expected: 'an object', got }] };
  }
  const problems: Problem[] = [];
  if (value['v'] !== PROTOCOL_VERSION) {
    problems.push({ path: 'v', expected: '1', got: describeValue(value['v']) });
  }
  checkMeta(value['meta'], problems);
  checkItems(value, problems);
  return problems.length === 0
    ? { ok: true, value: value as unknown as BatchEvent }
    : { ok: false, problems };
}

function checkMeta(meta: unknown, problems: Problem[]): void {
  if (!isObject(meta)) {
    problems.push({ path: 'meta', expected: 'an object', got: describeValue(meta) });
    return;
  }
  const { router, route, receivedAtMs } = meta;
  if (router !== ROUTER_NAME) {
    const expected = `"${ROUTER_NAME}"`;
    problems.push({ path: 'meta.router', expected, got: describeValue(router) });
  }
  // `*` is reserved, and it is the one route name that does not begin with a slash.
  if (typeof route !== 'string' || !route.startsWith('/')) {
    const expected = 'a path template';
    problems.push({ path: 'meta.route', expected, got: describeValue(route) });
  }
  if (!Number.isSafeInteger(receivedAtMs)) {
    const expected = 'an integer of epoch milliseconds';
    problems.push({ path: 'meta.receivedAtMs', expected, got: describeValue(receivedAtMs) });
  }
}

function checkItems(event: Readonly<Record<string, unknown>>, problems: Problem[]): void {
  const { batch, meta } = event;
  if (!Array.isArray(batch) || batch.length === 0) {
    const got = Array.isArray(batch) ? 'an empty array' : describeValue(batch);
    problems.push({ path: 'batch', expected: 'an array of at least one item', got });
    return;
  }
  const route = isObject(meta) ? meta['route'] : undefined;
  const seen = new Set<string>();
  for (const [index, item] of batch.entries()) {
    checkItem(item, `batch[${index}]`, route, problems);
    const id = itemId(item);
    if (id === undefined) {
      continue;
    }
    if (seen.has(id)) {
      const at = `batch[${index}].requestContext.requestId`;
      problems.push({ path: at, expected: 'unique in the batch', got: describeValue(id) });
    }
    seen.add(id);
  }
}
