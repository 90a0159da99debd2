import {
  batchEvent,
  bufferedAnswer,
  frames,
  invokeBatch,
  ndjson,
  requestId,
  responseRecord,
  toHaveRecordFor,
} from 'lpr-testkit';
import 'lpr-testkit/vitest';
import { describe, expect, it } from 'vitest';
import { messageOf } from './message-of.ts';

const [first, second, third] = [requestId(1), requestId(2), requestId(3)];
const event = batchEvent(2);
const ok = responseRecord(first, { json: { n: 1 }, headers: { 'x-a': 'b' } });
const missing = responseRecord(second, { statusCode: 404, body: 'no such thing '.repeat(9) });
const both = bufferedAnswer([ok, missing]);

describe('matchers of records', () => {
  it('accept NDJSON and explain every bad line', () => {
    expect(ndjson([ok, ...frames(second, ['a', 'b'])])).toBeValidNdjson();
    expect(Buffer.from(ndjson([ok]))).toBeValidNdjson();
    expect({ bytes: Buffer.from(ndjson([ok])) }).toBeValidNdjson();
    const bad = `${ndjson([ok])}\n{"id":"${second}","statusCode":42}\n{oops\n${ndjson([ok])}`;
    expect(bad).not.toBeValidNdjson();
    expect(messageOf(() => expect(bad).toBeValidNdjson())).toMatchInlineSnapshot(`
      "Expected NDJSON of good records in a legal order, got 3 of 4 lines bad
        3.  r-00000000-0000-4000-8000-000000000002  status    ← Expected \`statusCode\` to be an integer 200–599, got \`42\` (number)
        4.  (no id)                                 json      ← Expected the value to be one JSON object, got 5 characters that are not
        5.  r-00000000-0000-4000-8000-000000000001  response  200 "{\\"n\\":1}"                                                            ← a second answer: this one was complete"
    `);
    expect(messageOf(() => expect(ndjson([ok])).not.toBeValidNdjson())).toMatchInlineSnapshot(
      `"Expected no NDJSON of good records, got 1 good line"`,
    );
  });

  it('find the record of an item, in whatever form the answer is', () => {
    const wanted = { statusCode: 200, headers: { 'x-a': 'b' }, json: { n: 1 } };
    const forms = [both, JSON.stringify(both), [ok, missing], { answer: both }, ndjson([ok])];
    for (const form of forms) expect(form).toHaveRecordFor(first, wanted);
    expect(both).toHaveRecordFor(event.batch[0]!);
    expect(both).toHaveRecordFor(second, { body: expect.stringContaining('no such') });
    expect(both).not.toHaveRecordFor(third);
    expect(both).not.toHaveRecordFor(first, { statusCode: 404 });
  });

  it('find the one among several of an item, and show the closest of them first', () => {
    const all = ndjson(frames(first, ['a', 'b'], { statusCode: 201 }));
    expect(all).toHaveRecordFor(first, { type: 'end' });
    expect(all).toHaveRecordFor(first, { type: 'chunk', body: 'b' });
    const wanted = { type: 'head', statusCode: 200 } as const;
    expect(toHaveRecordFor(all.split('\n').toReversed().join('\n'), first, wanted)).toMatchObject({
      pass: false,
      actual: { type: 'head', statusCode: 201 },
    });
  });

  it('compare the names of headers in any case', () => {
    const answer = [responseRecord(first, { headers: { 'Content-Type': 'text/plain' } })];
    expect(answer).toHaveRecordFor(first, { headers: { 'content-type': 'text/plain' } });
    expect(answer).toHaveRecordFor(first, { headers: { 'CONTENT-TYPE': 'text/plain' } });
    expect(answer[0]).record({ headers: { 'content-type': expect.stringMatching(/^text/) } });
    const exact = expect.objectContaining({ 'Content-Type': 'text/plain' });
    expect(answer).toHaveRecordFor(first, { headers: exact });
    const wanted = { headers: { 'Content-Type': 'text/html' } };
    expect(messageOf(() => expect(answer).toHaveRecordFor(first, wanted))).toMatchInlineSnapshot(`
      "Expected a record for \`r-00000000-0000-4000-8000-000000000001\` with these fields
        \`headers.content-type\`  wanted "text/html",  got "text/plain"
        1.  r-00000000-0000-4000-8000-000000000001  response  200 """
    `);
  });

  it('show the closest record first, with long bodies cut', () => {
    const wanted = { statusCode: 200, body: 'here' };
    expect(messageOf(() => expect(both).toHaveRecordFor(second, wanted))).toMatchInlineSnapshot(`
      "Expected a record for \`r-00000000-0000-4000-8000-000000000002\` with these fields
        \`statusCode\`  wanted \`200\` (number),  got \`404\` (number)
        \`body\`        wanted "here",          got "no such thing no such thing no such thing no such thing no s"… (126 characters)
        2.  r-00000000-0000-4000-8000-000000000002  response  404 "no such thing no such thing no such thing no such thing no s"… (126 characters)
        1.  r-00000000-0000-4000-8000-000000000001  response  200 "{\\"n\\":1}""
    `);
    expect(messageOf(() => expect(both).toHaveRecordFor(third))).toMatchInlineSnapshot(`
      "Expected a record for \`r-00000000-0000-4000-8000-000000000003\`, got none
        1.  r-00000000-0000-4000-8000-000000000001  response  200 "{\\"n\\":1}"
        2.  r-00000000-0000-4000-8000-000000000002  response  404 "no such thing no such thing no such thing no such thing no s"… (126 characters)"
    `);
    expect(messageOf(() => expect(both).not.toHaveRecordFor(first))).toMatchInlineSnapshot(`
      "Expected no such record for \`r-00000000-0000-4000-8000-000000000001\`
        1.  r-00000000-0000-4000-8000-000000000001  response  200 "{\\"n\\":1}"
        2.  r-00000000-0000-4000-8000-000000000002  response  404 "no such thing no such thing no such thing no such thing no s"… (126 characters)"
    `);
    expect(toHaveRecordFor(both, second, wanted)).toMatchObject({
      actual: { statusCode: 404 },
      expected: wanted,
    });
  });

  it('know whether every item has one answer', () => {
    expect(both).toAnswerEveryItemOnce(event);
    expect({ event, answer: both }).toAnswerEveryItemOnce();
    expect(ndjson([ok, ...frames(second)])).toAnswerEveryItemOnce(event);
    expect(bufferedAnswer([ok])).not.toAnswerEveryItemOnce(event);
    expect(() => expect(both).toAnswerEveryItemOnce()).toThrow('give it to the matcher');
  });

  it('name the missing, the duplicate, the unknown, the unfinished and the unusable', () => {
    const answer = [
      ok,
      ok,
      responseRecord(requestId(9)),
      ...frames(third).slice(0, 1),
      { id: requestId(4), statusCode: 42 },
    ];
    const batch = batchEvent(4);
    expect(messageOf(() => expect(answer).toAnswerEveryItemOnce(batch))).toMatchInlineSnapshot(`
      "Expected one answer for each of 4 items
        missing      r-00000000-0000-4000-8000-000000000002
        without end  r-00000000-0000-4000-8000-000000000003
        unusable     r-00000000-0000-4000-8000-000000000004  ← Expected \`statusCode\` to be an integer 200–599, got \`42\` (number)
        duplicate    r-00000000-0000-4000-8000-000000000001  2. response 200 "{\\"n\\":1}"
        unknown      r-00000000-0000-4000-8000-000000000009  3. response 200 """
    `);
    expect(messageOf(() => expect(both).not.toAnswerEveryItemOnce(event))).toMatchInlineSnapshot(
      `"Expected not exactly one answer for each of 2 items"`,
    );
  });

  it('have an asymmetric twin for records', () => {
    expect(both.responses).toEqual([
      expect.record({ statusCode: 200, json: { n: 1 } }),
      expect.record({ id: second }),
    ]);
    expect([ok]).not.toEqual([expect.record({ statusCode: 201 })]);
    expect(messageOf(() => expect(ok).record({ statusCode: 201 }))).toMatchInlineSnapshot(`
      "Expected a record with these fields
        \`statusCode\`  wanted \`201\` (number),  got \`200\` (number)
        r-00000000-0000-4000-8000-000000000001  response  200 "{\\"n\\":1}""
    `);
    expect(messageOf(() => expect(ok).not.record({ statusCode: 200 }))).toMatchInlineSnapshot(`
      "Expected no record with these fields
        r-00000000-0000-4000-8000-000000000001  response  200 "{\\"n\\":1}""
    `);
    expect(messageOf(() => expect({ id: first }).record())).toMatchInlineSnapshot(`
      "Expected a record with these fields
        r-00000000-0000-4000-8000-000000000001  status  ← Expected \`statusCode\` to be an integer 200–599, got undefined"
    `);
  });

  it('take the index of an item of what was invoked', async () => {
    const run = await invokeBatch(() => both, event);
    expect(run).toHaveRecordFor(1, { statusCode: 404 });
    expect(run).toHaveBodyFor(0, { n: 1 });
    expect(run).not.toHaveFrames(0, ['head']);
    expect(() => expect(run).toHaveRecordFor(2)).toThrow(
      'Expected the index of an item of what `invokeBatch` gives, got `2` with one of 2 items',
    );
    expect(() => expect(both).toHaveRecordFor(0)).toThrow('got `0` with no batch to count in');
  });

  it('say what they do not take', () => {
    expect(() => expect(7).toBeValidNdjson()).toThrow('a list of records or what `invokeBatch`');
  });
});
