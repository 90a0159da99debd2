import * as fc from 'fast-check';
import type { AnswerRecord } from 'lpr-protocol';
import { VirtualClock } from 'lpr-testkit';
import { expect, test } from 'vitest';
import { PendingRequest } from '../../src/demux/pending-request.ts';
import type { ResponseSink } from '../../src/demux/response-sink.ts';

const LIFETIME_MS = 1000;

/** A request whose sink and batch write down what they are told. */
function start() {
  const clock = new VirtualClock(0);
  const ends: string[] = [];
  let settled = 0;
  const sink: ResponseSink = {
    respond: () => void ends.push('respond'),
    fail: () => void ends.push('fail'),
    head: () => {},
    write: () => true,
    end: () => void ends.push('end'),
    abort: () => void ends.push('abort'),
  };
  const request = new PendingRequest({
    id: 'r-1',
    arrivalMs: 0,
    deadlineMs: LIFETIME_MS,
    item: '{}',
    sink,
    clock,
  });
  request.owner = { waiterSettled: () => void (settled += 1) };
  return { request, clock, ends, settled: () => settled };
}

type Started = ReturnType<typeof start>;

const record = (fields: object) => ({ id: 'r-1', ...fields }) as AnswerRecord;
const whole = { statusCode: 200, headers: {}, cookies: [], body: '', isBase64Encoded: false };

/** Everything that may happen to a request, in any order and as often as it likes. */
const EVENTS: Record<string, (one: Started) => unknown> = {
  response: ({ request }) => request.accept(record({ type: 'response', ...whole })),
  badBody: ({ request }) =>
    request.accept(record({ type: 'response', ...whole, body: '*', isBase64Encoded: true })),
  head: ({ request }) => request.accept(record({ type: 'head', ...whole })),
  chunk: ({ request }) =>
    request.accept(record({ type: 'chunk', body: 'x', isBase64Encoded: false })),
  bytes: ({ request }) => request.acceptBytes(Buffer.from('x')),
  end: ({ request }) => request.accept(record({ type: 'end' })),
  error: ({ request }) => request.accept(record({ type: 'error', statusCode: 502, message: 'm' })),
  badRecord: ({ request }) => request.refuse('status'),
  deadline: ({ clock }) => clock.advance(LIFETIME_MS),
  left: ({ request }) => request.cancel(),
  failure: ({ request }) => request.fail({ code: 'LPR_FUNCTION_ERROR' }),
};

test('the first way out settles a request, and nothing that follows is told to anybody', () => {
  const names = fc.array(fc.constantFrom(...Object.keys(EVENTS)), { maxLength: 12 });
  fc.assert(
    fc.property(names, (happened) => {
      const one = start();
      for (const name of happened) {
        const before = one.request.settled;
        const endsBefore = one.ends.length;
        EVENTS[name]!(one);
        expect(before && one.ends.length > endsBefore).toBe(false);
        expect(one.settled()).toBe(one.request.settled ? 1 : 0);
      }
      one.request.fail({ code: 'LPR_MISSING_RESPONSE' });
      expect(one.settled()).toBe(1);
      expect(one.ends.length).toBeLessThanOrEqual(1);
      expect(one.clock.pendingTimers).toBe(0);
    }),
  );
});

test('only a client that has left is told nothing', () => {
  for (const name of ['response', 'badBody', 'end', 'error', 'badRecord', 'deadline', 'failure']) {
    const one = start();
    EVENTS[name]!(one);
    expect(one.ends, name).toHaveLength(1);
  }
  const left = start();
  EVENTS['left']!(left);
  EVENTS['response']!(left);
  expect(left.ends).toEqual([]);
});
