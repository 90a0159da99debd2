import { expect, test } from 'vitest';
import { startRouter } from '../support/router.ts';
import { fullBatches, idsByQuery } from './observe.ts';

const NAME = 'x-lpr-batch-size';

const partial = (event: Parameters<typeof idsByQuery>[0]) => ({
  v: 1,
  responses: [
    { id: idsByQuery(event)['1'], statusCode: 200, headers: { 'X-Lpr-Batch-Size': '99' } },
  ],
});

test('x-lpr-batch-size is on every answer of an invocation, errors included, and on no other', async () => {
  const { url } = await startRouter({
    paths: fullBatches(2),
    includeBatchSizeHeader: true,
    answer: partial,
  });
  const answers = await Promise.all([fetch(`${url}/a?1`), fetch(`${url}/a?2`)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 502]);
  expect(answers.map(({ headers }) => headers.get(NAME))).toEqual(['2', '2']);
  const unknown = await fetch(`${url}/nowhere`);
  expect([unknown.status, unknown.headers.get(NAME)]).toEqual([404, null]);
});

test("without the switch a function's own x-lpr-batch-size passes", async () => {
  const { url } = await startRouter({
    paths: fullBatches(1),
    includeBatchSizeHeader: false,
    answer: partial,
  });
  expect((await fetch(`${url}/a?1`)).headers.get(NAME)).toBe('99');
});
