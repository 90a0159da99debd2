import { describe, expect, test } from 'vitest';
import { startRouter } from '../support/router.ts';
import { codeOf, droppedRecords, fullBatches, idle, idsByQuery, line, STREAM } from './observe.ts';

const RECORD = { statusCode: 200, body: 'fine' };

/** One batch of three: `?bad`, and two neighbours. */
async function three(url: string) {
  const answers = await Promise.all(['bad', 'one', 'two'].map((name) => fetch(`${url}/a?${name}`)));
  return { bad: answers[0]!, neighbours: answers.slice(1) };
}

async function expectFine(neighbours: readonly Response[]) {
  expect(neighbours.map(({ status }) => status)).toEqual([200, 200]);
  expect(await Promise.all(neighbours.map((one) => one.text()))).toEqual(['fine', 'fine']);
}

describe('one bad element of a buffered answer (wire contract 3.2, 3.3)', () => {
  test.each([
    ['a status that is none', (id: string) => ({ id, statusCode: 99 }), 'status'],
    ['an interim status', (id: string) => ({ id, statusCode: 101 }), 'status'],
    [
      'a header name with a space',
      (id: string) => ({ id, ...RECORD, headers: { 'a b': '1' } }),
      'headers',
    ],
    [
      'a header value with a line break',
      (id: string) => ({ id, ...RECORD, headers: { a: 'b\r\nc' } }),
      'headers',
    ],
    [
      'a cookie with a line break',
      (id: string) => ({ id, ...RECORD, cookies: ['a=b\nc'] }),
      'headers',
    ],
    [
      'base64 that is none',
      (id: string) => ({ id, ...RECORD, body: '?', isBase64Encoded: true }),
      'body',
    ],
    ['a body that is no text', (id: string) => ({ id, ...RECORD, body: {} }), 'body'],
  ])('with %s is a 502 for its own request only', async (_, bad, kind) => {
    const { url, router } = await startRouter({
      paths: fullBatches(3),
      answer(event) {
        const { bad: id, one, two } = idsByQuery(event);
        return { v: 1, responses: [{ id: one, ...RECORD }, bad(id!), { id: two, ...RECORD }] };
      },
    });
    const dropped = droppedRecords(router);
    const answers = await three(url);
    expect([answers.bad.status, await codeOf(answers.bad)]).toEqual([502, 'LPR_BAD_RESPONSE']);
    await expectFine(answers.neighbours);
    expect(dropped.map((one) => one.kind)).toEqual([kind]);
  });

  test.each([
    ['that is no object', () => 'text', 'shape'],
    ['without an id', () => RECORD, 'id'],
    ['for an id that is not in the batch', () => ({ id: 'r-other', ...RECORD }), 'unknown_id'],
  ])('%s is counted, and its request has no answer', async (_, bad, kind) => {
    const { url, router } = await startRouter({
      paths: fullBatches(3),
      answer(event) {
        const { one, two } = idsByQuery(event);
        return { v: 1, responses: [bad(), { id: one, ...RECORD }, { id: two, ...RECORD }] };
      },
    });
    const dropped = droppedRecords(router);
    const answers = await three(url);
    expect([answers.bad.status, await codeOf(answers.bad)]).toEqual([502, 'LPR_MISSING_RESPONSE']);
    await expectFine(answers.neighbours);
    expect(dropped.map((one) => one.kind)).toEqual([kind]);
  });

  test('that is a second answer is counted, and the first one counts', async () => {
    const { url, router } = await startRouter({
      paths: fullBatches(3),
      answer(event) {
        const ids = Object.values(idsByQuery(event));
        const again = { id: ids[0], statusCode: 500, body: 'second' };
        return { v: 1, responses: [...ids.map((id) => ({ id, ...RECORD })), again] };
      },
    });
    const dropped = droppedRecords(router);
    const answers = await three(url);
    await expectFine(answers.neighbours);
    expect(await answers.bad.text()).toBe('fine');
    await idle(router);
    expect(dropped.map(({ kind }) => kind)).toEqual(['second_answer']);
  });
});

describe('one bad record of a stream (wire contract 3.2, 3.3)', () => {
  test.each([
    [
      'a wrong version',
      (id: string) => line({ v: 2, id, ...RECORD }),
      'version',
      'LPR_BAD_RESPONSE',
    ],
    ['an unknown type', (id: string) => line({ id, type: 'sparkle' }), 'type', 'LPR_BAD_RESPONSE'],
    ['a bad status', (id: string) => line({ id, statusCode: 600 }), 'status', 'LPR_BAD_RESPONSE'],
    [
      'a bad head',
      (id: string) => line({ id, type: 'head', statusCode: 'ok' }),
      'status',
      'LPR_BAD_RESPONSE',
    ],
    [
      'an illegal header',
      (id: string) => line({ id, type: 'head', headers: { a: '\0' } }),
      'headers',
      'LPR_BAD_RESPONSE',
    ],
    [
      'a bad first chunk',
      (id: string) => line({ id, type: 'chunk', body: '*', isBase64Encoded: true }),
      'body',
      'LPR_BAD_RESPONSE',
    ],
    ['no JSON', () => '{"v":1,\n', 'json', 'LPR_MISSING_RESPONSE'],
    ['no id', () => line(RECORD), 'id', 'LPR_MISSING_RESPONSE'],
    [
      'an unknown id',
      () => line({ id: 'r-other', ...RECORD }),
      'unknown_id',
      'LPR_MISSING_RESPONSE',
    ],
    [
      'a line past MaxRecordBytes',
      (id: string) => line({ id, ...RECORD, body: 'x'.repeat(2000) }),
      'line_too_long',
      'LPR_MISSING_RESPONSE',
    ],
  ])('with %s harms nobody else', async (_, bad, kind, code) => {
    const { url, router } = await startRouter({
      paths: fullBatches(3, STREAM),
      settings: { MaxRecordBytes: 1000 },
      async *answer(event) {
        const { bad: id, one, two } = idsByQuery(event);
        yield line({ id: one, ...RECORD });
        yield bad(id!);
        yield line({ id: two, ...RECORD });
      },
    });
    const dropped = droppedRecords(router);
    const answers = await three(url);
    expect([answers.bad.status, await codeOf(answers.bad)]).toEqual([502, code]);
    await expectFine(answers.neighbours);
    expect(dropped.map((one) => one.kind)).toEqual([kind]);
  });

  test.each([
    [
      'a second answer',
      (id: string) => line({ id, ...RECORD }) + line({ id, statusCode: 500 }),
      'second_answer',
    ],
    [
      'a chunk after the end',
      (id: string) =>
        line({ id, type: 'chunk', body: 'fine' }) +
        line({ id, type: 'end' }) +
        line({ id, type: 'chunk', body: '!' }),
      'after_end',
    ],
    [
      'a second head',
      (id: string) =>
        line({ id, type: 'head' }) +
        line({ id, type: 'head', statusCode: 500 }) +
        line({ id, type: 'chunk', body: 'fine' }) +
        line({ id, type: 'end' }),
      'second_head',
    ],
    [
      'a plain record after a head',
      (id: string) =>
        line({ id, type: 'head' }) +
        line({ id, ...RECORD }) +
        line({ id, type: 'chunk', body: 'fine' }) +
        line({ id, type: 'end' }),
      'mixed_kinds',
    ],
  ])('that is %s is counted and changes nothing', async (_, records, kind) => {
    const { url, router } = await startRouter({
      paths: fullBatches(3, STREAM),
      async *answer(event) {
        const { bad: id, one, two } = idsByQuery(event);
        yield records(id!);
        yield line({ id: one, ...RECORD }) + line({ id: two, ...RECORD });
      },
    });
    const dropped = droppedRecords(router);
    const answers = await three(url);
    expect([answers.bad.status, await answers.bad.text()]).toEqual([200, 'fine']);
    await expectFine(answers.neighbours);
    await idle(router);
    expect(dropped.map((one) => one.kind)).toEqual([kind]);
  });
});

describe('an answer without one of the ids (wire contract 3.4)', () => {
  test.each([
    [
      'of a buffered document',
      {},
      (ids: string[]) => ({ v: 1, responses: ids.map((id) => ({ id, ...RECORD })) }),
    ],
    ['of a stream', STREAM, (ids: string[]) => stream(ids.map((id) => line({ id, ...RECORD })))],
  ])('%s is a 502 for those and nobody else', async (_, mode, answer) => {
    const { url } = await startRouter({
      paths: fullBatches(3, mode),
      answer(event) {
        const { one, two } = idsByQuery(event);
        return answer([one!, two!]);
      },
    });
    const answers = await three(url);
    expect([answers.bad.status, await codeOf(answers.bad)]).toEqual([502, 'LPR_MISSING_RESPONSE']);
    await expectFine(answers.neighbours);
  });

  test.each([
    ['a buffered document without responses', {}, () => ({ v: 1, responses: [] })],
    ['a stream without a byte', STREAM, () => stream([])],
  ])('is told to everybody by %s', async (_, mode, answer) => {
    const { url } = await startRouter({ paths: fullBatches(3, mode), answer });
    const { bad, neighbours } = await three(url);
    for (const response of [bad, ...neighbours]) {
      expect([response.status, await codeOf(response)]).toEqual([502, 'LPR_MISSING_RESPONSE']);
    }
  });
});

async function* stream(lines: readonly string[]) {
  yield* lines;
}
