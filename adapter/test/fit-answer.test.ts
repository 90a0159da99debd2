import { describe, expect, it } from 'vitest';
import { MAX_BUFFERED_ANSWER_BYTES } from 'lpr-protocol';
import type { BatchAnswer, BatchAnswerItem } from '../src/batch-answer.ts';
import { withBatchAdapter } from '../src/buffered-handler.ts';
import { fitAnswer } from '../src/fit-answer.ts';
import { batchOf } from './support/events.ts';
import { captureLog } from './support/log.ts';

const MIB = 1_048_576;

function answer(...bodies: string[]): BatchAnswer {
  const responses = bodies.map((body, index) => ({
    id: `r-${index}`,
    statusCode: 200,
    headers: {},
    body,
    isBase64Encoded: false,
  }));
  return { v: 1, responses };
}

const replace = (item: BatchAnswerItem) => ({ ...item, statusCode: 500, body: '' });
const bytesOf = (value: object) => Buffer.byteLength(JSON.stringify(value));

describe('fitAnswer', () => {
  it('leaves an answer of exactly the limit as it is', () => {
    const whole = answer('x'.repeat(100), '€"\n\0');
    expect(fitAnswer(whole, replace, bytesOf(whole))).toEqual(whole);
  });

  it('replaces the largest items until the rest fits', () => {
    const whole = answer('a', 'b'.repeat(3_000), 'c'.repeat(500), 'd'.repeat(2_000));
    const fitted = fitAnswer(whole, replace, 1_000);
    expect(fitted.responses.map(({ id, body }) => [id, body.length])).toEqual([
      ['r-0', 1],
      ['r-1', 0],
      ['r-2', 500],
      ['r-3', 0],
    ]);
    expect(bytesOf(fitted)).toBeLessThanOrEqual(1_000);
  });

  it('counts bytes as they travel, not characters', () => {
    const whole = answer('\0'.repeat(100), 'x'.repeat(200));
    const fitted = fitAnswer(whole, replace, bytesOf(whole) - 1);
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
  expect(log.lines.map(({ requestId, error }) => [requestId, error.code])).toEqual([
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
