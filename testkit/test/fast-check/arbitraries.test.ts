import * as fc from 'fast-check';
import { NdjsonDecoder } from 'lpr-protocol';
import { batchEvent, chunked, everySplit, ndjson, requestId } from 'lpr-testkit';
import {
  answerStreams,
  batchEvents,
  cutsOf,
  frameSequences,
  httpEvents,
  responseRecords,
} from 'lpr-testkit/fast-check';
import 'lpr-testkit/vitest';
import { describe, expect, it } from 'vitest';

const ids = [requestId(1), requestId(2), requestId(3)];

const decode = (pieces: readonly Uint8Array[]) => {
  const decoder = new NdjsonDecoder();
  return [...pieces.flatMap((piece) => decoder.push(piece)), ...decoder.end()];
};

describe('arbitraries', () => {
  it('make batches that a router may send', () => {
    fc.assert(
      fc.property(batchEvents(), (event) => {
        expect(event).toBeValidBatchPayload();
      }),
    );
    fc.assert(
      fc.property(httpEvents(), (item) => {
        expect(batchEvent([item], '/hello/{name}')).toBeValidBatchPayload();
      }),
    );
  });

  it('keep the sizes that are asked for', () => {
    const [event] = fc.sample(batchEvents({ minSize: 5, maxSize: 5 }), 1);
    expect(event).toHaveBatchOfSize(5);
  });

  it('make answers in a legal order, one for each item', () => {
    const event = batchEvent(3);
    fc.assert(
      fc.property(answerStreams(ids), (records) => {
        expect(ndjson(records)).toBeValidNdjson();
        expect(ndjson(records)).toAnswerEveryItemOnce(event);
      }),
    );
    fc.assert(
      fc.property(fc.tuple(responseRecords(ids[0]!), frameSequences(ids[1]!)), ([one, more]) => {
        expect(ndjson([one, ...more])).toBeValidNdjson();
      }),
    );
  });

  it('cut a stream anywhere without changing its records', () => {
    const streams = answerStreams(ids).chain((records) => {
      const text = ndjson(records);
      return fc.tuple(fc.constant(text), cutsOf(Buffer.byteLength(text)));
    });
    fc.assert(
      fc.property(streams, ([text, cuts]) => {
        expect(decode(chunked(text, cuts))).toEqual(decode([Buffer.from(text)]));
      }),
    );
    const [records] = fc.sample(answerStreams(ids), { numRuns: 1, seed: 1 });
    const text = ndjson(records!);
    const whole = decode([Buffer.from(text)]);
    for (const pieces of everySplit(text)) expect(decode(pieces)).toEqual(whole);
  });
});
