import * as fc from 'fast-check';
import { NdjsonDecoder } from 'lpr-protocol';
import { chunked, invokeBatch, ndjson, requestId } from 'lpr-testkit';
import { answerStreams, batchEvents, cutsOf } from 'lpr-testkit/fast-check';
import 'lpr-testkit/vitest';
import { expect, test } from 'vitest';
import { handler } from '../src/hello.ts';

test('every item of any batch is answered once', async () => {
  await fc.assert(
    fc.asyncProperty(batchEvents(), async (event) => {
      expect(await invokeBatch(handler, event)).toAnswerEveryItemOnce();
    }),
  );
});

test('a stream says the same wherever it is cut', () => {
  const streams = answerStreams([requestId(1), requestId(2)]).map((records) => ndjson(records));
  const cut = streams.chain((text) => fc.tuple(fc.constant(text), cutsOf(Buffer.byteLength(text))));
  fc.assert(
    fc.property(cut, ([text, cuts]) => {
      const decoder = new NdjsonDecoder();
      const results = chunked(text, cuts).flatMap((piece) => decoder.push(piece));
      expect(results.every(({ ok }) => ok)).toBe(true);
      expect(results).toHaveLength(text.split('\n').length - 1);
    }),
  );
});
