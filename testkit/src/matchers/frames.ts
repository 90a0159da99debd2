import { decodeBody } from 'lpr-protocol';
import type { AnswerRecord } from 'lpr-protocol';
import { differenceRows, differences } from './differences.ts';
import { checkTypes } from './check-expected.ts';
import { idIn } from './item-of.ts';
import type { ItemOf } from './item-of.ts';
import { recordsOf, sequenceOf } from './record-list.ts';
import type { SequencedRecord } from './record-list.ts';
import { otherRows, recordRow } from './record-wording.ts';
import { toVerdict } from './verdict.ts';
import type { Verdict } from './verdict.ts';
import { isAsymmetric, show, table } from './wording.ts';

/** Passes when the records of this item have exactly these types, in this order, and a router takes all of them. */
export function toHaveFrames(
  received: unknown,
  item: ItemOf,
  expected: readonly AnswerRecord['type'][],
): Verdict {
  checkTypes(expected);
  const id = idIn(received, item);
  const sequenced = sequenceOf(recordsOf(received));
  const own = sequenced.filter(({ record }) => record.id === id);
  const actual = own.map(({ record }) => record.type);
  const sameTypes = actual.join() === expected.join();
  const isLegal = own.every(({ violation }) => violation === undefined);
  const problem = sameTypes ? 'got them in an illegal order' : `got ${actual.join(', ') || 'none'}`;
  return toVerdict({
    pass: sameTypes && isLegal,
    expected: `the frames ${expected.join(', ')} for \`${id}\`, ${problem}`,
    notExpected: `other frames than ${expected.join(', ')} for \`${id}\``,
    lines: () =>
      table(own.length > 0 ? own.map((one) => recordRow(one)) : otherRows(id, sequenced)),
    diff: sameTypes ? undefined : { actual, expected },
  });
}

/** Passes when some answer began before another one that had begun was over. */
export function toBeInterleaved(received: unknown): Verdict {
  const sequenced = sequenceOf(recordsOf(received));
  const ids = sequenced.map(({ record }) => record.id);
  const pass = [...new Set(ids)].some((id) =>
    ids.slice(ids.indexOf(id), ids.lastIndexOf(id)).some((other) => other !== id),
  );
  return toVerdict({
    pass,
    expected: 'answers that are interleaved, got one after the other',
    notExpected: 'answers one after the other, got them interleaved',
    lines: () => table(sequenced.map((one) => recordRow(one))),
  });
}

/**
 * Passes when the answer to this item is complete and its body, of one record or of all chunks, is this: text, bytes,
 * something like `expect.stringContaining`, or an object or array that the body has as JSON (as `toMatchObject` compares).
 */
export function toHaveBodyFor(received: unknown, item: ItemOf, expected: unknown): Verdict {
  const id = idIn(received, item);
  const sequenced = sequenceOf(recordsOf(received));
  const own = sequenced.filter(({ record }) => record.id === id);
  const bytes = Buffer.concat(own.map((one) => bytesOf(one)));
  const body = expected instanceof Uint8Array ? bytes : bytes.toString();
  const isJson =
    typeof expected === 'object' && !isAsymmetric(expected) && typeof body === 'string';
  const actual = isJson ? parsed(body) : body;
  const found = differences(actual, expected);
  const failed = own.some(({ record }) => record.type === 'error');
  const isComplete = own.at(-1)?.state === 'ended' && !failed;
  const cut = failed ? 'a failed one' : 'one that never ends';
  const state = own.length === 0 ? ', got no answer' : isComplete ? '' : `, got ${cut}`;
  return toVerdict({
    pass: isComplete && found.length === 0,
    expected: `a whole answer to \`${id}\` with the body ${show(expected)}${state}`,
    notExpected: `another body than ${show(expected)} for \`${id}\``,
    lines: () =>
      own.length > 0
        ? [...table(differenceRows(found)), ...table(own.map((one) => recordRow(one)))]
        : table(otherRows(id, sequenced)),
    diff: own.length > 0 ? { actual, expected } : undefined,
  });
}

function bytesOf({ record, violation }: SequencedRecord): Uint8Array {
  if (violation !== undefined || !('body' in record)) return new Uint8Array();
  return decodeBody(record.body, record.isBase64Encoded) ?? new Uint8Array();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
