import { expect, test } from 'vitest';
import { entriesOf, isFailed, LAMBDA_API, NO_ROUTE, routesOf } from '../../inspector/entries.ts';
import type { Entry } from '../../inspector/entries.ts';
import { bytes, count, milliseconds, span } from '../../inspector/format.ts';
import { pretty, tokensOf } from '../../inspector/json-text.ts';
import { lanesOf, ticksOf } from '../../inspector/lanes.ts';
import { piecesOf } from '../../inspector/pieces.ts';
import { apply, busyUntil, NOTHING } from '../../inspector/state.ts';
import type { State } from '../../inspector/state.ts';
import type { BatchSummary, RequestSummary, Update } from '../../src/inspector/messages.ts';

const batchOf = (id: string, rest: Partial<BatchSummary> = {}): BatchSummary => ({
  id,
  source: 'router',
  route: '/a',
  functionName: 'hello',
  streaming: false,
  size: 1,
  requestIds: [],
  releasedAtMs: 1000,
  waitMs: 0,
  durationMs: 10,
  retries: 0,
  dropped: 0,
  ...rest,
});
const requestOf = (id: string, rest: Partial<RequestSummary> = {}): RequestSummary => ({
  id,
  method: 'GET',
  target: '/a',
  arrivedAtMs: 1000,
  ...rest,
});
const stateOf = (update: Partial<Update>): State =>
  apply(NOTHING, { batches: [], requests: [], environments: [], gone: [], ...update });

test('an update replaces entries of the same id and takes away what is gone', () => {
  const first = stateOf({ batches: [batchOf('a'), batchOf('b')], requests: [requestOf('r')] });
  const update = { batches: [batchOf('a', { size: 9 })], requests: [], environments: [] };
  const next = apply(first, { ...update, gone: ['b', 'unknown'] });
  expect([...next.batches].map(([id, { size }]) => [id, size])).toEqual([['a', 9]]);
  expect(next.requests.size).toBe(1);
  expect(apply(next, { ...update, batches: [], gone: [] }).batches).toBe(next.batches);
});

test('what is under way has no end', () => {
  expect(busyUntil(NOTHING)).toBe(0);
  const over = { batches: [batchOf('a')], requests: [requestOf('r', { totalMs: 50 })] };
  expect(busyUntil(stateOf(over))).toBe(1050);
  const { durationMs: _, ...running } = batchOf('b');
  expect(busyUntil(stateOf({ ...over, batches: [running] }))).toBe(Number.POSITIVE_INFINITY);
});

test('entries are batches and requests without one, the newest first', () => {
  const state = stateOf({
    batches: [
      batchOf('old', { requestIds: ['in'], waitMs: 20 }),
      batchOf('api', { source: 'lambda-api', releasedAtMs: 3000, route: undefined! }),
    ],
    requests: [
      requestOf('in', { batchId: 'old', status: 200 }),
      requestOf('refused', { arrivedAtMs: 2000, totalMs: 1, status: 404 }),
      requestOf('waits', { arrivedAtMs: 4000 }),
    ],
  });
  const all = entriesOf(state, undefined, 4100);
  expect(all.map(({ id, route, startMs }) => [id, route, startMs])).toEqual([
    ['api', LAMBDA_API, 3000],
    ['refused', NO_ROUTE, 2000],
    ['old', '/a', 980],
  ]);
  // What has waited for long enough to be seen.
  expect(entriesOf(state, undefined, 4300)[0]).toMatchObject({ id: 'waits', endMs: undefined });
  expect(entriesOf(state, '/a', 4300).map(({ id }) => id)).toEqual(['old']);
  expect(routesOf(state)).toEqual(['/a', LAMBDA_API, NO_ROUTE]);
});

test('an entry is the same as long as nothing of it changes, and another one when a request does', () => {
  const update = { batches: [batchOf('b', { requestIds: ['r'] })], requests: [requestOf('r')] };
  const state = stateOf(update);
  const [first] = entriesOf(state, undefined, 0);
  expect(entriesOf(state, undefined, 9)[0]).toBe(first);
  const settled = [requestOf('r', { batchId: 'b', status: 503 })];
  const next = apply(state, { batches: [], requests: settled, environments: [], gone: [] });
  const [second] = entriesOf(next, undefined, 0);
  expect(second).not.toBe(first);
  expect(second).toMatchObject({ id: 'b', failed: true });
});

test.for([
  [{ status: 200 }, false],
  [{ status: 404 }, false],
  [{ status: 500 }, true],
  [{ status: 200, failure: 'LPR_BAD_RESPONSE' }, true],
  [{ cancelled: 'in_flight' }, true],
  [{}, false],
] as const)('of requests, %j failed: %s', ([rest, failed]) => {
  expect(isFailed(requestOf('r', rest))).toBe(failed);
});

test('overlapping entries of a route stand in rows, others beside each other', () => {
  const entry = (id: string, startMs: number, endMs: number | undefined, route = '/a') =>
    ({ type: 'request', id, startMs, endMs, route, failed: false }) as Entry;
  const entries = [
    entry('c', 20, 30),
    entry('b', 5, 15),
    entry('a', 0, 10),
    entry('over', -90, -80),
    entry('running', 40, undefined, '/b'),
  ];
  const lanes = lanesOf(entries, ['/a', '/b', '/quiet'], -50, 100);
  expect(lanes.map(({ route, rows }) => [route, rows])).toEqual([
    ['/a', 2],
    ['/b', 1],
  ]);
  expect(lanes[0]?.placed.map(({ entry: { id }, row }) => [id, row])).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 0],
  ]);
  const many = Array.from({ length: 9 }, (_, index) => entry(`e${index}`, index, 50));
  expect(lanesOf(many, ['/a'], 0, 100)[0]?.rows).toBe(4);
});

test.for([
  [10_000, 5, [0, 2000, 4000, 6000, 8000, 10_000]],
  [2000, 4, [0, 500, 1000, 1500, 2000]],
  [300_000, 10, [0, 50_000, 100_000, 150_000, 200_000, 250_000, 300_000]],
] as const)('ticks of %i ms are round', ([spanMs, wanted, ticks]) => {
  expect(ticksOf(0, spanMs, wanted)).toEqual(ticks);
});

test('JSON is put on lines as `JSON.stringify` does, with numbers as they were written', () => {
  for (const value of [{}, [], [{}], { a: [], b: {} }, { a: [1, { b: 'x, {y}: "z"' }] }, 'x', 1]) {
    expect(pretty(JSON.stringify(value))).toBe(JSON.stringify(value, undefined, 2));
  }
  expect(pretty('{"id": 12345678901234567890,"x":1.0}')).toBe(
    '{\n  "id": 12345678901234567890,\n  "x": 1.0\n}',
  );
});

test('JSON is cut into pieces that together are the text', () => {
  const text = pretty('{"a\\"b":[1,-2.5e3,true,null,"x: \\"y\\""],"c":"d"}');
  const tokens = tokensOf(text);
  expect(tokens.map((token) => token.text).join('')).toBe(text);
  const of = (kind: string) => tokens.filter((token) => token.kind === kind);
  expect(of('key').map((token) => token.text)).toEqual([String.raw`"a\"b"`, '"c"']);
  expect(of('text').map((token) => token.text)).toEqual([String.raw`"x: \"y\""`, '"d"']);
  expect(of('number').map((token) => token.text)).toEqual(['1', '-2.5e3']);
  expect(of('word').map((token) => token.text)).toEqual(['true', 'null']);
  expect(pretty('{ not json')).toBe('{ not json');
  expect(tokensOf('x'.repeat(200_000))).toHaveLength(1);
});

test('a buffered answer is taken apart, frames are not, and each has its place in the batch', () => {
  const record = (text: string) => ({
    text,
    bytes: text.length,
    cut: false,
    binary: false,
    atMs: 5,
  });
  const buffered = JSON.stringify({
    v: 1,
    responses: [{ id: 'r-2', statusCode: 201, body: 'hi' }, null, { id: 'r-9' }],
  });
  expect(
    piecesOf([record(buffered)], ['r-1', 'r-2']).map(({ kind, place, line, requestId }) => [
      kind,
      place,
      line,
      requestId,
    ]),
  ).toEqual([
    ['response', 1, '201 hi', 'r-2'],
    ['answer', undefined, 'null', undefined],
    ['response', undefined, '{"id":"r-9"}', 'r-9'],
  ]);
  const frames = ['{"type":"head","id":"r-1","statusCode":200}', 'no json', '"text"', '{"a":1}'];
  expect(piecesOf(frames.map(record), ['r-1']).map(({ kind, place }) => [kind, place])).toEqual([
    ['head', 0],
    ['bytes', undefined],
    ['bytes', undefined],
    ['answer', undefined],
  ]);
});

test('times, sizes and counts are for people', () => {
  const times = [0, 1.26, 9.96, 12.4, 9999, 12_345, undefined];
  expect(times.map(milliseconds)).toEqual([
    '0 ms',
    '1.3 ms',
    '10.0 ms',
    '12 ms',
    '9999 ms',
    '12.3 s',
    '–',
  ]);
  expect([0, 1023, 1024, 1_572_864].map(bytes)).toEqual(['0 B', '1023 B', '1.0 KiB', '1.5 MiB']);
  expect([500, 2000, 60_000].map(span)).toEqual(['500 ms', '2 s', '1 min']);
  expect([count(1, 'entry', 'entries'), count(2000, 'request')]).toEqual([
    '1 entry',
    '2,000 requests',
  ]);
});
