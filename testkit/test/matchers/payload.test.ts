import { batchEvent, httpEvent } from 'lpr-testkit';
import 'lpr-testkit/vitest';
import { describe, expect, it } from 'vitest';
import { messageOf } from './message-of.ts';

const event = batchEvent([{ method: 'POST', path: '/a', json: { n: 1 }, headers: { 'x-a': 'b' } }]);

describe('matchers of payloads and items', () => {
  it('accept a batch event as a value, text and bytes', () => {
    expect(event).toBeValidBatchPayload();
    expect(JSON.stringify(event)).toBeValidBatchPayload();
    expect(Buffer.from(JSON.stringify(event))).toBeValidBatchPayload();
    expect('{').not.toBeValidBatchPayload();
  });

  it('name every problem of a payload', () => {
    const broken = { ...event, v: 2, batch: [{ ...event.batch[0], version: '1.0' }] };
    expect(messageOf(() => expect(broken).toBeValidBatchPayload())).toMatchInlineSnapshot(`
      "Expected a valid batch payload, got 2 problems
        Expected \`v\` to be 1, got \`2\` (number)
        Expected \`batch[0].version\` to be "2.0", got \`1.0\` (string)"
    `);
    expect(messageOf(() => expect('{').toBeValidBatchPayload())).toMatchInlineSnapshot(`
      "Expected a valid batch payload, got 1 problem
        Expected JSON, got 1 characters that are not"
    `);
    expect(messageOf(() => expect(event).not.toBeValidBatchPayload())).toMatchInlineSnapshot(
      `"Expected no valid batch payload"`,
    );
  });

  it('compare an item by the fields that are named', () => {
    const [item] = event.batch;
    expect(item).batchItem({ method: 'POST', path: '/a', json: { n: expect.any(Number) } });
    expect(item).not.batchItem({ method: 'GET' });
    expect(item).batchItem({ headers: { 'X-A': 'b' } });
    const two = httpEvent({ headers: { cookie: 'a=b; c=d' } });
    expect(two).batchItem({ cookies: ['a=b', 'c=d'] });
    expect(two).not.batchItem({ cookies: ['a=b'] });
    const wrong = { method: 'GET', headers: { 'x-a': 'c' }, json: { n: 2 } };
    expect(messageOf(() => expect(item).batchItem(wrong))).toMatchInlineSnapshot(`
      "Expected an item with these fields
        \`method\`       wanted "GET",         got "POST"
        \`headers.x-a\`  wanted "c",           got "b"
        \`json.n\`       wanted \`2\` (number),  got \`1\` (number)"
    `);
    expect(messageOf(() => expect(item).not.batchItem({ path: '/a' }))).toMatchInlineSnapshot(`
      "Expected no item with these fields
        POST /a"
    `);
  });

  it('have an asymmetric twin for items', () => {
    expect(event).toEqual({
      v: 1,
      meta: expect.anything(),
      batch: [expect.batchItem({ path: '/a' })],
    });
    expect([httpEvent()]).not.toEqual([expect.batchItem({ path: '/a' })]);
    expect([httpEvent()]).toEqual([expect.not.batchItem({ path: '/a' })]);
  });
});
