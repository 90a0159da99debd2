import { describe, expect, it } from 'vitest';
import { MAX_BUFFERED_ANSWER_BYTES } from 'lpr-protocol';
import { documentOf } from '../src/buffered-delivery.ts';
import { withBatchAdapter } from '../src/buffered-handler.ts';
import { LATE } from '../src/end-unanswered.ts';
import { toRun } from '../src/item-run.ts';
import type { ItemRun } from '../src/item-run.ts';
import { batchOf } from './support/events.ts';
import { captureLog, codeOf } from './support/log.ts';

const MIB = 1_048_576;

const bytesOf = (value: object) => Buffer.byteLength(JSON.stringify(value));

/** Runs that have answered with these bodies. */
function answered(...bodies: string[]): ItemRun[] {
  return bodies.map((body, index) => {
    const run = toRun({}, `r-${index}`);
    run.record = { id: run.id, statusCode: 200, headers: {}, body, isBase64Encoded: false };
    return run;
  });
}

const documentWithin = (limit: number, runs: readonly ItemRun[]) =>
  documentOf(runs, LATE, { context: undefined, onError: () => undefined }, limit);

const whole = (...bodies: string[]) => ({
  v: 1,
  responses: answered(...bodies).map(({ record }) => record),
});

describe('a document', () => {
  it('of exactly the limit stays as it is', async () => {
    const bodies = ['x'.repeat(100), '€"\n\0'];
    const limit = bytesOf(whole(...bodies));
    expect(await documentWithin(limit, answered(...bodies))).toEqual(whole(...bodies));
  });

  it('that is larger loses its largest items until the rest fits', async () => {
    const runs = answered('a', 'b'.repeat(3_000), 'c'.repeat(400), 'd'.repeat(2_000));
    const fitted = await documentWithin(1_000, runs);
    expect(fitted.responses.map(({ id, statusCode }) => [id, statusCode])).toEqual([
      ['r-0', 200],
      ['r-1', 500],
      ['r-2', 200],
      ['r-3', 500],
    ]);
    expect(bytesOf(fitted)).toBeLessThanOrEqual(1_000);
  });

  it('is measured in bytes as they travel, not in characters', async () => {
    const bodies = ['\0'.repeat(100), 'x'.repeat(200)] as const;
    const fitted = await documentWithin(bytesOf(whole(...bodies)) - 1, answered(...bodies));
    expect(fitted.responses.map(({ statusCode }) => statusCode)).toEqual([500, 200]);
  });
});

it("an item that would take the batch over Lambda's limit gets a 500, and the others their answers", async () => {
  using log = captureLog();
  const handler = withBatchAdapter((event) =>
    event.requestContext.requestId === 'b' ? 'x'.repeat(6 * MIB) : 'y'.repeat(MIB),
  );
  const whole = await handler(batchOf('a', 'b', 'c'));
  expect(whole.responses.map(({ statusCode }) => statusCode)).toEqual([200, 500, 200]);
  expect(bytesOf(whole)).toBeLessThanOrEqual(MAX_BUFFERED_ANSWER_BYTES);
  expect(log.lines.map((line) => [line.requestId, codeOf(line)])).toEqual([
    ['b', 'LPR_ANSWER_TOO_LARGE'],
  ]);
});

it('measures a short text that JSON makes long', async () => {
  using log = captureLog();
  const handler = withBatchAdapter(() => '\0'.repeat(1.1 * MIB));
  const whole = await handler(batchOf('a'));
  expect(whole.responses[0]?.statusCode).toBe(500);
  expect(log.lines).toHaveLength(1);
});
