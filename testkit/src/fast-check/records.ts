import * as fc from 'fast-check';
import type { AnswerRecord, ResponseRecord } from 'lpr-protocol';
import { errorRecord, frames, responseRecord } from '../factories/records.ts';

const statuses = fc.integer({ min: 200, max: 599 });
const headers = fc.dictionary(
  fc.stringMatching(/^x-[a-z]{1,8}$/),
  fc.stringMatching(/^[!-~]{0,12}$/),
  { maxKeys: 3 },
);
const cookies = fc.array(fc.stringMatching(/^[a-z]{1,5}=[a-z0-9]{0,5}(; Path=\/)?$/), {
  maxLength: 2,
});
const heads = fc.record({ statusCode: statuses, headers, cookies });
const bodies = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.uint8Array({ maxLength: 30 }),
);

/** Whole answers to this item. */
export function responseRecords(id: string): fc.Arbitrary<ResponseRecord> {
  return fc.tuple(heads, bodies).map(([head, body]) => responseRecord(id, { ...head, body }));
}

/** The frames of one answer in a legal order: with or without a head, ended or failed. */
export function frameSequences(id: string): fc.Arbitrary<AnswerRecord[]> {
  const chunks = fc.array(bodies, { maxLength: 5 });
  return fc.tuple(heads, chunks, fc.boolean(), fc.boolean()).map(([head, list, hasHead, fails]) => {
    const all = frames(id, list, head);
    const begun = hasHead ? all : all.slice(1);
    return fails
      ? [...begun.slice(0, -1), errorRecord(id, { statusCode: head.statusCode })]
      : begun;
  });
}

/** One answer for each item, plain or in frames, interleaved in any way that keeps each in its order. */
export function answerStreams(ids: readonly string[]): fc.Arbitrary<AnswerRecord[]> {
  const answers = ids.map((id) =>
    fc.oneof(
      responseRecords(id).map((one) => [one]),
      frameSequences(id),
    ),
  );
  return fc
    .tuple(...answers)
    .chain((lists) =>
      fc
        .shuffledSubarray(order(lists), { minLength: lists.flat().length })
        .map((turns) => interleave(lists, turns)),
    );
}

/** Offsets at which to cut so many bytes, for `chunked`. */
export function cutsOf(byteLength: number): fc.Arbitrary<number[]> {
  return fc.array(fc.nat(byteLength), { maxLength: 12 });
}

/** The index of each record's list. */
function order(lists: readonly (readonly AnswerRecord[])[]): number[] {
  return lists.flatMap((list, index) => list.map(() => index));
}

function interleave(
  lists: readonly (readonly AnswerRecord[])[],
  turns: readonly number[],
): AnswerRecord[] {
  const next = lists.map(() => 0);
  return turns.map((index) => lists[index]![next[index]!++]!);
}
